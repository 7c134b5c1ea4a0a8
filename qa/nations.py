"""The countries that a text names, by name or by what is theirs: "British" and "UK" are one."""

from __future__ import annotations

import re

from index.types import Span

# A line for each country; where its people share the word of the country (Swiss), it stands once.
# Words that are more often something else (Turkey's bird, Jordan, Georgia, Chad) count as they are
# written: with a capital.
_NAMES = """
Afghanistan|Afghan|Afghans
Albania|Albanian|Albanians
Algeria|Algerian|Algerians
Argentina|Argentine|Argentines|Argentinian|Argentinians
Armenia|Armenian|Armenians
Australia|Australian|Australians|Aussie|Aussies
Austria|Austrian|Austrians
Azerbaijan|Azerbaijani|Azerbaijanis
Bangladesh|Bangladeshi|Bangladeshis
Belarus|Belarusian|Belarusians
Belgium|Belgian|Belgians
Bolivia|Bolivian|Bolivians
Bosnia|Bosnian|Bosnians
Brazil|Brazilian|Brazilians
Bulgaria|Bulgarian|Bulgarians
Cambodia|Cambodian|Cambodians
Canada|Canadian|Canadians
Chile|Chilean|Chileans
China|Chinese
Colombia|Colombian|Colombians
Croatia|Croatian|Croatians|Croat|Croats
Cuba|Cuban|Cubans
Cyprus|Cypriot|Cypriots
Czechia|Czech Republic|Czech|Czechs
Denmark|Danish|Dane|Danes
Ecuador|Ecuadorian|Ecuadorians
Egypt|Egyptian|Egyptians
Estonia|Estonian|Estonians
Ethiopia|Ethiopian|Ethiopians
European Union|EU
Finland|Finnish|Finn|Finns
France|French
Georgia|Georgian|Georgians
Germany|German|Germans
Ghana|Ghanaian|Ghanaians
Greece|Greek|Greeks
Guatemala|Guatemalan|Guatemalans
Haiti|Haitian|Haitians
Honduras|Honduran|Hondurans
Hungary|Hungarian|Hungarians
Iceland|Icelandic|Icelander|Icelanders
India|Indian|Indians
Indonesia|Indonesian|Indonesians
Iran|Iranian|Iranians
Iraq|Iraqi|Iraqis
Ireland|Irish
Israel|Israeli|Israelis
Italy|Italian|Italians
Japan|Japanese
Jordan|Jordanian|Jordanians
Kazakhstan|Kazakh|Kazakhs|Kazakhstani|Kazakhstanis
Kenya|Kenyan|Kenyans
Kosovo|Kosovar|Kosovars|Kosovan|Kosovans
Kuwait|Kuwaiti|Kuwaitis
Latvia|Latvian|Latvians
Lebanon|Lebanese
Libya|Libyan|Libyans
Lithuania|Lithuanian|Lithuanians
Malaysia|Malaysian|Malaysians
Mexico|Mexican|Mexicans
Moldova|Moldovan|Moldovans
Mongolia|Mongolian|Mongolians
Morocco|Moroccan|Moroccans
Myanmar|Burma|Burmese
Nepal|Nepalese|Nepali|Nepalis
Netherlands|Dutch
New Zealand|New Zealander|New Zealanders
Niger|Nigerien|Nigeriens
Nigeria|Nigerian|Nigerians
North Korea|North Korean|North Koreans
Norway|Norwegian|Norwegians
Pakistan|Pakistani|Pakistanis
Palestine|Palestinian|Palestinians
Peru|Peruvian|Peruvians
Philippines|Philippine|Filipino|Filipinos
Poland|Polish|Pole|Poles
Portugal|Portuguese
Qatar|Qatari|Qataris
Romania|Romanian|Romanians
Russia|Russian|Russians
Rwanda|Rwandan|Rwandans
Saudi Arabia|Saudi Arabian|Saudi Arabians|Saudi|Saudis
Scotland|Scottish|Scots
Senegal|Senegalese
Serbia|Serbian|Serbians|Serb|Serbs
Singapore|Singaporean|Singaporeans
Slovakia|Slovakian|Slovakians|Slovak|Slovaks
Slovenia|Slovenian|Slovenians|Slovene|Slovenes
Somalia|Somali|Somalis
South Africa|South African|South Africans
South Korea|South Korean|South Koreans
Spain|Spanish|Spaniard|Spaniards
Sri Lanka|Sri Lankan|Sri Lankans
Sudan|Sudanese
Sweden|Swedish|Swede|Swedes
Switzerland|Swiss
Syria|Syrian|Syrians
Taiwan|Taiwanese
Thailand|Thai|Thais
Tunisia|Tunisian|Tunisians
Turkey|Türkiye|Turkish|Turk|Turks
Uganda|Ugandan|Ugandans
Ukraine|Ukrainian|Ukrainians
United Arab Emirates|UAE|Emirati|Emiratis
United Kingdom|UK|U.K.|Great Britain|Britain|British|Briton|Britons
United States|US|U.S.|USA|U.S.A.|America|American|Americans
Uruguay|Uruguayan|Uruguayans
Venezuela|Venezuelan|Venezuelans
Vietnam|Vietnamese
Wales|Welsh
Yemen|Yemeni|Yemenis
Zambia|Zambian|Zambians
Zimbabwe|Zimbabwean|Zimbabweans
"""
_COUNTRIES = {
    word: line.partition("|")[0] for line in _NAMES.split("\n") for word in line.split("|") if word
}
_IN_LOWER_CASE = {word.lower(): word for word in _COUNTRIES}
# Of two that begin alike the longer one is tried first: "Nigeria" before "Niger".
_NAMED = re.compile(
    r"(?<![\w.])(?=[A-Z])(?:"
    + "|".join(map(re.escape, sorted(_COUNTRIES, key=len, reverse=True)))
    + r")(?!\w)"
)


def nations(text: str) -> frozenset[str]:
    """The countries that it names, or whose people or things; in English.

    "South Korean" is South Korea alone, and "American" the United States.
    """
    return frozenset(country for _, country in nations_at(text))


def nations_at(text: str) -> list[tuple[Span, str]]:
    """Where it names them, and which."""
    return [(Span(*found.span()), _COUNTRIES[found[0]]) for found in _NAMED.finditer(text)]


def with_capitals(words: str) -> str:
    """A country or its people as they are written, for those who type without capitals; with the
    article that it came with. "" if it is neither."""
    bare = re.sub(r"^the\s+", "", " ".join(words.lower().split()))
    found = _IN_LOWER_CASE.get(bare, "")
    return f"the {found}" if found and bare != words.lower() else found
