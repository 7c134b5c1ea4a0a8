"""Wire copies, updates, and what only looks like them: all made up."""

from __future__ import annotations

FERRY = (
    "The ferry to Brandvik will stop in November for the first winter since 1974. The company "
    "says that the pier needs new posts and that the work takes four months. Mayor Ingrid Solheim "
    "called the news a blow for the island, where 310 people live all year. Schoolchildren will "
    "cross by the post boat from Hamnes, which holds twelve. The shop in Brandvik has ordered "
    "flour and lamp oil for the whole season. The company promises to sail again on 3 March. "
    "Fishermen offered to carry the sick free of charge, as their fathers did in the winter of "
    "1962, when the sound froze.\n\n"
    "Nils Aune, who has steered the ferry for 22 years, will spend the winter at the yard in "
    "Tresfjord. He expects the old hull to need more than paint. The council of Hamnes meets on "
    "Thursday to speak about a second boat, which the county refused to pay for in 2019."
)
# The same report as another paper printed it: edited, and without its end.
FERRY_EDITED = (
    FERRY.replace("The company says that the pier", "The company told this paper that the pier")
    .replace("a blow for the island", "a hard blow for the island")
    .partition("\n\n")[0]
)
# The same report a day later, with news before it and after it.
FERRY_UPDATED = (
    "UPDATE: The county will pay for a second boat after all, its council decided at noon.\n\n"
    f"{FERRY}\n\nThe second boat is to be the Solveig, built in Bergen in 1988 for forty people."
)
# Another story on the same subject.
FERRY_OTHER = (
    "Islanders of Brandvik gathered at the pier on Saturday to protest against a winter without "
    "the ferry. About 200 people held lanterns and read out the names of ships that have served "
    "the island. “We were promised a boat all year,” said Ingrid Solheim, the mayor. The company "
    "that runs the ferry sent nobody. Its spokeswoman, Karin Lund, said by telephone that posts "
    "older than a man cannot be trusted in a storm, and that nobody had thought of a cheaper way "
    "so far. A choir from Hamnes came over in the post boat and sang until the lanterns were "
    "out. Some of the fishermen want to build posts of their own from the timber of the old "
    "school, which has stood empty since 2011.\n\n"
    "The county gave no answer on Saturday. It had refused to pay for a second boat in 2019."
)


def weather(town: str, day: str, high: int, low: int, wind: int) -> str:
    """A notice made after a pattern."""
    return (
        f"The weather in {town} on {day} will be mostly cloudy with light rain in the afternoon. "
        f"Temperatures reach {high} degrees during the day and fall to {low} degrees at night. "
        f"The wind blows from the west at {wind} kilometres an hour. The outlook for the rest of "
        "the week is unsettled, with showers and bright spells in turn."
    )


def shares(company: str, price: float, change: float, volume: int) -> str:
    """Another one."""
    return (
        f"Shares of {company} closed at {price} crowns on the exchange today, a change of {change} "
        f"percent from the day before. In all {volume} shares were traded, which is about as many "
        "as on an average day of the last three months. Analysts who follow the company keep "
        "their advice for the shares as it was before the figures of the last quarter."
    )


GERMAN = (
    "Die Fähre nach Brandvik stellt im November den Betrieb ein, zum ersten Mal seit 1974. Der "
    "Anleger braucht neue Pfosten, und die Arbeit dauert vier Monate. Die Bürgermeisterin nannte "
    "die Nachricht einen Schlag für die Insel, auf der das ganze Jahr über 310 Menschen leben."
)
CHINESE = "暴風雨使港口關閉了九天。漁民說他們從來沒有見過這樣的風浪。市長要求重建碼頭。"
