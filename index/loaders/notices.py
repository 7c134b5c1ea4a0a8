"""Which paragraphs of pasted web text are labels and notices of the page around the article."""

from __future__ import annotations

import re

from index.loaders.normalising import ends_sentence

# Longer paragraphs are never labels or notices; shorter sentences than this can be labels.
LABEL_CHARACTERS = 160
NOTICE_CHARACTERS = 600
SENTENCE_WORDS = 8

NETWORK = (
    r"(?:facebook|twitter|x|whatsapp|linkedin|reddit|telegram|pinterest|messenger|flipboard"
    r"|instagram|youtube|tiktok|bluesky|threads|mastodon|rss|e-?mail|print|tweet|share|save|pin it"
    r"|copy(?: link)?|link|bookmark|like|comment|gift(?: article)?)"
)
AGENCY = (
    r"(?:reuters|ap|afp|epa(?:-efe)?|pa(?: wire)?|upi|dpa|tass|xinhua|anadolu|ukrinform"
    r"|getty(?: images)?|shutterstock|alamy|istock|rex|zuma|nurphoto|bloomberg|ap photo)"
)

READ_ELSEWHERE = (
    r"(?:lesen sie (?:auch|mehr)|mehr zum thema|(?:à )?lire (?:aussi|également)"
    r"|l(?:ea|ee|eer) también|te puede interesar|leia (?:também|mais)|leggi anche|lees ook"
    r"|l[æä]s (?:også|också|även|mer)"
    r"|les også|lue myös|(?:prze)?czytaj (?:też|także|również)|zobacz też|čtěte také"
    r"|читайте (?:также|також))"
)

# Matched against the whole paragraph without the marks around it ("» Read more…" -> "Read more"),
# unless it is a real sentence of some length.
LABELS = (
    # links onward: "Read more", "Also read", "Continue reading", "Click here to subscribe"
    r"(?:read|see|learn|show|load|view|discover|find out) (?:more|also|on|next)"
    r"(?: (?:here|stories|articles|comments|posts|news|(?:on|about) this(?: story| topic)?))?",
    r"(?:read|see|view) (?:the )?(?:full|whole|original) (?:story|article|report|post)(?: here)?",
    r"also read|more|more (?:here|stories|news|on this(?: story| topic)?)|full story",
    r"(?:continue|keep) reading(?: (?:below|the (?:main )?story))?",
    r"(?:click|tap) here(?: .{1,80})?",
    # advertising
    r"ads?|adverts?|advertising|advertisements?(?:\W.{0,60})?|remove ads|paid (?:post|content)",
    r"sponsored(?: (?:content|post|by .{1,40}))?|promoted(?: content)?|video ad feedback",
    r"(?:story|article|text) continues(?: below)?(?: (?:this )?(?:ad|advertisement))?",
    r"skip (?:to .{1,40}|past .{1,40}|ad|advertisement)|after newsletter promotion",
    # sharing: "Share this article", "Facebook | Twitter | Email"
    r"share (?:this|on|via|with|to|full)\b.{0,50}|tweet this|copy link to clipboard",
    rf"{NETWORK}(?:[\s,|/·•&+]+{NETWORK})*",
    # counts: "78", "1.2k shares", "4 min read"; a bare year may be a heading of a chronicle
    r"(?!(?:1[5-9]|20)\d\d$)\d[\d.,]*\s?[km]?",
    r"\d[\d.,]*\s?[km]? (?:comments?|shares?|views?|likes?|reads?|replies|reactions|followers)",
    r"\d+[ -]min(?:ute)?s?(?: read)?|reading time\W.{1,20}",
    # comments
    r"comments?(?: (?:\(?\d+\)?|closed|are closed))?|no comments(?: yet)?|repl(?:y|ies)",
    r"(?:leave|post|write|add) a (?:comment|reply)(?: .{1,40})?",
    r"join the (?:conversation|discussion)|(?:view|show|hide|see|load)(?: all)?(?: \d+)? comments",
    r"be the first to (?:comment|share|like|reply)(?: .{1,40})?",
    # other stories
    r"related(?: (?:stories|articles|posts|content|topics|coverage|news|links|reading|videos?))?",
    r"recommended(?: (?:for you|stories|articles|reading|videos?))?|editors?['’]?s? picks?",
    r"(?:you )?(?:may|might) (?:also )?(?:like|enjoy|be interested in)|more from .{1,60}",
    r"most (?:read|popular|viewed|shared|commented)|popular (?:now|stories|posts)",
    r"latest (?:news|stories|headlines)|(?:next|previous) (?:article|post|story)",
    r"don['’]t miss|up next|trending(?: now)?|top stories",
    # image credits: "Photo by Jane Roe", "Jane Roe/Reuters", "Getty Images"
    r"(?:file )?(?:photo|photograph|image|picture|video|illustration|graphic|composite)s?"
    r"(?: credits?)?(?::| by | courtesy (?:of )?).{1,100}",
    rf"(?:photo )?credits?:.{{1,80}}|.{{1,60}}(?:/|\||\bvia |© ?) ?{AGENCY}(?:[/,].{{0,40}})?",
    r"(?:ap photo|getty images|shutterstock|istock|alamy|file photo|handout)(?:[/ ,].{0,60})?",
    # subscriptions and accounts
    r"subscribe(?: (?:now|today|here|to .{1,80}))?|newsletters?|donate(?: now)?",
    r"sign[- ]?(?:up|in)(?: (?:to|for|now|here)\b.{0,80})?|log[- ]?(?:in|out)|register(?: now)?",
    r"(?:get|try|join) (?:our|the|my) (?:.{1,40} )?(?:newsletters?|app|alerts?)(?: .{1,40})?",
    r"(?:my|your|create (?:an|a free)) account|support (?:us|our (?:work|journalism))",
    r"become a (?:member|subscriber)(?: .{1,40})?|already a (?:member|subscriber)(?:\W.{0,40})?",
    r"(?:enter )?your e-?mail(?: address)?|download (?:our|the) app(?: .{1,40})?",
    r"(?:follow|like|find|join) us(?: .{1,60})?|listen to this article.{0,40}",
    # filing and dates: "Posted in World", "Tags: war, peace", "Last updated on 3 May 2024"
    r"(?:tags?|tagged|categor(?:y|ies)|topics?|keywords?|filed (?:under|in)|posted (?:in|on|by))"
    r"(?: ?: ?| ).{1,100}",
    r"(?:(?:first |last )?(?:published|updated|modified|posted))(?:: ?| on | at ).{1,60}",
    r"(?:release|publication|issue) date:?",
    # the same in other languages, as they stand on their own
    rf"{READ_ELSEWHERE}|contenido relacionado|weiterlesen|lire la suite|seguir leyendo",
    r"teilen|drucken|anzeige|werbung|kommentare?|partager|publicité|commentaires?|compartir"
    r"|publicidad|comentarios?|condividi|pubblicità|commenti|compartilhar|publicidade|delen"
    r"|advertentie|reacties|dela|annons|udostępnij|reklama|komentarze|поделиться|реклама",
    # what is left of a page's frame and of a scraper's empty fields
    r"menu|home|search|close|loading|back to top|play(?: video)?|next|previous|toggle navigation",
    r"none|null|undefined|n/?a|nan",
    r"link copied|(?:order )?reprints|(?:reuse|republish) this (?:content|article)|follow(?:ing)?"
    r"|purchase licensing rights|explore more(?: on these topics)?|see more on: .{1,100}"
    r"|related (?:article|story|post|video)|written by .{1,60}|(?:a |an |\d+ )?(?:minute|hour|day"
    r"|week|month)s? ago|\d+[ -]minutes? read|temps de lecture.{0,20}|lesezeit.{0,20}"
    r"|zur merkliste hinzufügen|artikel zum hören.{0,20}|réutiliser ce contenu",
)

# Matched against the beginning of the paragraph, even if it is a whole sentence.
NOTICES = (
    # "Comments Off on <the headline>"
    r"comments? off on\b",
    # the picture's label, with or without a caption after it: "Photograph: Jane Roe/Reuters"
    r"(?:image|media|video|photo) (?:source|caption),",
    r"(?:photograph|photo|image|picture) ?: ?\S.{0,100}(?:/|\bvia ).{1,40}$",
    # "- in Media Center": the category line that blog software prints
    r"[-–—•|] ?(?-i:in [A-Z])[\w&’' ,/-]{1,50}$",
    # "Read also: <another headline>"
    r"\W*(?:(?:read (?:more|also|next)|also read|see also|more on this) ?[:|]|related\b.{0,10}:)",
    rf"\W*{READ_ELSEWHERE} ?[:|]",
    # newsletters and alerts
    r"(?:sign[- ]?up|subscribe|register|get (?:our|the|my|your|more|all|\w+['’]s))\b.{0,160}"
    r"\b(?:newsletters?|inbox|(?:news|e-?mail|push) alerts|unlimited access|daily briefing)\b",
    r"(?:sign in|log in|subscribe|register) .{0,60}\bto (?:continue|keep|read|comment|view)\b",
    r"(?:follow .{1,40}|(?:find|like|join) (?:us|me|him|her|them)) on (?:twitter|x|facebook"
    r"|instagram|youtube|telegram|whatsapp|linkedin|tiktok|threads|bluesky|google news)\b",
    # walls: "To read the full story, subscribe", "If you are already a subscriber, log in"
    r"to (?:view|read|see|unlock|access|continue reading|keep reading) (?:this|the|our|more|all)\b"
    r".{0,60}\b(?:story|stories|articles?|content|posts?)\b.{0,60}"
    r"\b(?:subscribe|sign (?:in|up)|log in|register)\b",
    r"(?:subscribe|sign up|register)\b.{0,80}\b(?:full|whole|entire|rest of the) (?:story|article)",
    r"if you(?: are|['’]re) (?:seeing this message|already an? (?:subscriber|member))\b",
    r"(?:already an? (?:subscriber|member)|(?:first-time|new|existing|current) subscribers?)\b",
    r"never miss\b.{0,80}\b(?:sign(?:ing)?[- ]?up|subscrib|newsletter)",
    r"(?:for|get) (?:the|our|all|more) .{1,60}\bdownload (?:the|our)\b.{1,60}\bapps?\b",
    r"(?:do you )?(?:want to (?:be|stay)|stay) (?:informed|up to date|in the loop)\b.{0,120}"
    r"(?:\b(?:sign up|subscribe|newsletter|e-?mail)|\?$)",
    r"do you want to be informed\b",
    # what shops and reviewers must say
    r"(?:this|the) (?:post|article|page|story|site) (?:may |might |can )?contains? (?:affiliate"
    r"|references to products|paid|sponsored|ads)\b",
    r"we (?:only |independently |may )*(?:recommend|review|research|select|evaluate|test|earn)\b"
    r".{0,60}\b(?:products|commissions?)\b",
    # letters and comments
    r"we(?: want| would love|['’]d love) to hear (?:from you|what you think|your)\b",
    r"(?:submit|send|e-?mail) (?:us )?your (?:letter|tip|comment|feedback|question)s?\b",
    r"(?:your |some |all |please .{0,30})?(?:e-?mail address(?:es)?|comments)\b.{0,40}"
    r"\b(?:will not be published|may be republished|are moderated)\b",
    r"we (?:ask that|will, however, try to publish) comments\b|notify me (?:of|when)\b",
    r"(?:please )?(?:understand|note) that comments\b|required fields are marked\b",
    r".{0,40}\buses akismet\b|(?:our standards: )?the thomson reuters trust principles",
    # cookies
    r"(?:we|this (?:web)?site|our (?:web)?site)(?: and (?:our|selected|\d+)[\w ]{0,30}partners)?"
    r" (?:use|uses|store|stores)\b.{0,60}\bcookies\b",
    r"by (?:clicking|continuing|using|browsing|closing)\b.{0,120}"
    r"\b(?:you (?:agree|consent|accept)|cookies)\b",
    r"(?:wir|diese (?:web)?seite|nous|ce site|utilizamos|este sitio|utilizziamo|questo sito|wij)"
    r"\b.{0,60}\bcookies?\b",
    r"(?:accept|manage|reject|allow) (?:all )?cookies|cookie (?:policy|settings|notice)",
    # rights
    r"(?:©|(?:copyright|\(c\)|copyright ?(?:©|\(c\))) ?(?:19|20)\d\d\b)",
    r".{0,120}\ball rights reserved\b",
    # a page that wants to be a program
    r"(?:please )?(?:enable|turn on) javascript|your browser (?:does not|doesn['’]t) support",
    r"javascript (?:is|must be|seems to be|needs to be)\b",
    # who took part in the reporting, and where it was printed
    r"contributing: |.{2,160}\bcontributed to this (?:report|story|article)\.?$",
    r"reporting (?:and writing )?by .{2,200}\bediting by\b",
    r"a version of this (?:article|story|piece) (?:appears|appeared|ran) in (?:the )?print\b",
    r"thanks for reading\b.{0,120}\bsubscribe\b",
)

# Marks around a label that do not change what it is.
MARKS = " .…:!|>»›→←▶•*_#-–—[]()‹«<"

_LABEL = re.compile("|".join(f"(?:{label})" for label in LABELS), re.IGNORECASE)
_NOTICE = re.compile("|".join(f"(?:{notice})" for notice in NOTICES), re.IGNORECASE)
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
# "Seoul, South Korea CNN —"
_DATELINE = re.compile(r".{0,50}\s[—–]")


def is_notice(text: str) -> bool:
    """Whether a paragraph by itself is a label or notice and not part of an article."""
    if not _LETTER_OR_DIGIT.search(text):
        return True
    if len(text) <= NOTICE_CHARACTERS and _NOTICE.match(text):
        return True
    if len(text) > LABEL_CHARACTERS or is_sentence(text):
        return False
    return bool(_LABEL.fullmatch(text.strip(MARKS)) or _DATELINE.fullmatch(text))


def is_sentence(text: str) -> bool:
    """Whether it ends like a sentence and is too long for a label."""
    return ends_sentence(text) and text.count(" ") + 1 >= SENTENCE_WORDS
