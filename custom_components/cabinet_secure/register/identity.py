"""What looks like somebody's identity, which the register of incidents refuses.

DOMAIN, *Register of incidents*: no patient identity. Whoever writes is told which field
and why, and says the role instead. This catches a slip, not ill will: a name that
nothing announces ("Dupont est revenu") cannot be told from another word.
"""

from datetime import date, timedelta
from enum import StrEnum
import re
from typing import Final


class Identity(StrEnum):
    """What a text gives away."""

    NAME = "looks_like_a_name"
    SOCIAL_SECURITY = "looks_like_a_social_security_number"
    BIRTH_DATE = "looks_like_a_date_of_birth"
    PHONE = "looks_like_a_telephone_number"
    EMAIL = "looks_like_an_email_address"


# A date that is older than this is taken for a date of birth: what an incident has to
# do with happened lately.
RECENT: Final = timedelta(days=2 * 366)

_GAP = r"[\s\u00a0\u202f]"
_UPPER = "A-ZÀ-ÖØ-ÞŒŸ"
_LETTER = r"[^\W\d_]"
# A name: a capital and at least one more letter, so not the "M. D." of the press.
_NAME = rf"([{_UPPER}](?:{_LETTER}|['’-])*{_LETTER})"
_PARTICLES = (
    rf"(?:d['’]|(?:de|du|des|la|le|el|al|ben|van|von|der|den|De|Du|La|Le|El|Al|Ben|Van|"
    rf"Von){_GAP}+)*"
)
_INITIALS = rf"(?:[{_UPPER}]\.(?:-[{_UPPER}]\.)?{_GAP}*|[{_UPPER}]{_GAP}+)*"

_TITLES = (
    r"MM|M|Mr|Mrs|Ms|Mx|Mme|Mmes|Mlle|Mlles|Dr|Drs|Pr|Me|Sr|"
    r"[Mm]onsieur|[Mm]essieurs|[Mm]adame|[Mm]esdames|[Mm]ademoiselle|[Mm]iss|[Mm]ister|"
    r"[Dd]octeur|[Dd]octeure|[Pp]rofesseur|[Pp]rofesseure|[Mm]aître|[Dd]octor|"
    r"[Pp]rofessor|MONSIEUR|MADAME|MADEMOISELLE|DOCTEUR|MME|MLLE|DR|MR|MRS|MISS"
)
_TITLED = re.compile(
    rf"(?<![\w'’])(?:{_TITLES})\.?{_GAP}+{_INITIALS}{_PARTICLES}{_NAME}"
)
# The short titles in lower case, as people type: only before what is no ordinary word.
_TYPED = re.compile(rf"(?<![\w'’])(?:mme|mlle|mr|mrs|dr|pr)\.?{_GAP}+({_LETTER}{{2,}})")
_ANNOUNCED = re.compile(
    rf"(?<![\w'’-])(?:[Pp]atiente?|[Nn]ommée?|[Dd]énommée?|[Ss]ieur|[Ss]['’]appelle|"
    rf"[Ss]['’]appelait|[Nn]amed|[Nn]ame{_GAP}is|[Ss]urnamed|[Pp]rénommée?)"
    rf"{_GAP}+{_INITIALS}{_PARTICLES}{_NAME}"
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Capitals after a title that are no name.
_NOT_NAMES: Final = _words(
    "le la les l un une des du de et ou a est il elle on the of and is was has who "
    "police samu gendarmerie pompiers maire préfet préfète président présidente juge "
    "ministre procureur procureure directeur directrice secrétaire médecin docteur "
    "covid alzheimer ald ide ehpad"
)
# What follows a typed title in ordinary sentences.
_ORDINARY: Final = _words(
    "a ai an as au aux avec alors ainsi après aussi avant bien car ce ces cette chez "
    "comme contre crie dans de demande depuis des devant dit dont du elle en encore "
    "ensuite entre est et exige fait hors ici il insiste insulte je jette la le les "
    "leur lui mais me menace même mon moins ne ni nous on ont ou où par part parle pas "
    "pendant plus pour pousse prend puis quand que quel qui refuse reste revient s sa "
    "sans se ses si son sort sous sur ta te tout toute traitant très un une va venu "
    "venue vers veut vient voit vous y age and as asked at but came did for from had "
    "has he her his in is it left of on or said she shouted so that the then they to "
    "took traitante wanted was went were when who with"
)
_ENDINGS = ("ait", "aient", "ant", "é", "ée", "és", "ées", "ement", "ive", "if", "eux")

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(
    r"(?<![\w+])(?:(?:\+33|0033)[ .\-/\u00a0\u202f]?(?:\(0\))?[ ]?|0)[1-9]"
    r"(?:[ .\-/\u00a0\u202f]?\d{2}){4}(?!\d)"
    r"|(?<![\w+])\+\d{1,3}(?:[ .\-/\u00a0\u202f]?\d{2,4}){3,5}(?!\d)"
)

_SEP = r"[ .\-\u00a0\u202f]?"
_SOCIAL = re.compile(
    rf"(?<![\w])([1278]){_SEP}(\d{{2}}){_SEP}(\d{{2}}){_SEP}(\d{{2}}|2[ABab])"
    rf"{_SEP}(\d{{3}}){_SEP}(\d{{3}})(?:{_SEP}(\d{{2}}))?(?!\w)"
)
# INSEE: 01 to 12, or other numbers where the month is not known.
_MONTHS: Final = frozenset((*range(1, 13), 20, *range(30, 43), *range(50, 100)))
_CORSICA: Final = {"2A": "19", "2B": "18"}

_BORN = re.compile(
    rf"(?<!\w)(?:[Nn]ée?s?{_GAP}+(?:le|en){_GAP}+\d|[Nn]ée?\(e\){_GAP}+(?:le|en)|"
    rf"[Nn]\(e\)|[Dd]ate{_GAP}+de{_GAP}+naissance|DDN(?!\w)|[Bb]orn{_GAP}+(?:on|in)|"
    rf"[Dd]ate{_GAP}+of{_GAP}+birth|DOB(?!\w))"
)
_MONTH_NAMES: Final = {
    name: number
    for names in (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "january february march april may june july august september october november december",
    )
    for number, name in enumerate(names.split(), 1)
}
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?![\d/])")
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_WRITTEN = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:er|st|nd|rd|th)?{_GAP}+({'|'.join(_MONTH_NAMES)}){_GAP}+(\d{{4}})",
    re.IGNORECASE,
)
_WRITTEN_US = re.compile(
    rf"(?<!\w)({'|'.join(_MONTH_NAMES)}){_GAP}+(\d{{1,2}})(?:st|nd|rd|th)?,?{_GAP}+(\d{{4}})",
    re.IGNORECASE,
)


def find_identity(text: str, today: date) -> Identity | None:
    """Return what in a text looks like somebody's identity, or None."""
    if _EMAIL.search(text):
        return Identity.EMAIL
    if _has_social_security(text):
        return Identity.SOCIAL_SECURITY
    if _PHONE.search(text):
        return Identity.PHONE
    if _BORN.search(text) or _has_old_date(text, today):
        return Identity.BIRTH_DATE
    if _has_name(text):
        return Identity.NAME
    return None


def _has_name(text: str) -> bool:
    if any(
        not _is_ordinary(match[1], _NOT_NAMES)
        for pattern in (_TITLED, _ANNOUNCED)
        for match in pattern.finditer(text)
    ):
        return True
    return any(
        not _is_ordinary(match[1], _ORDINARY) and not match[1].endswith(_ENDINGS)
        for match in _TYPED.finditer(text)
    )


def _is_ordinary(word: str, words: frozenset[str]) -> bool:
    return re.split(r"['’\s\u00a0\u202f]", word.casefold())[0] in words


def _has_social_security(text: str) -> bool:
    """Whether there is a French social-security number, with its key or without.

    Without separators a key has to be right: there are other long numbers.
    """
    for match in _SOCIAL.finditer(text):
        sex, year, month, department, commune, order, key = match.groups()
        if int(month) not in _MONTHS:
            continue
        grouped = not match[0].isalnum()
        number = sex + year + month + department.upper() + commune + order
        if key is None or grouped or int(key) == key_of(number):
            return True
    return False


def key_of(number: str) -> int:
    """Return the key, 1 to 97, of the 13 characters of a social-security number."""
    for corsican, replacement in _CORSICA.items():
        number = number.replace(corsican, replacement)
    return 97 - int(number) % 97


def _has_old_date(text: str, today: date) -> bool:
    dates = [
        *(_date(m[3], m[2], m[1], today) for m in _NUMERIC.finditer(text)),
        *(_date(m[1], m[2], m[3], today) for m in _ISO.finditer(text)),
        *(_date(m[3], _month(m[2]), m[1], today) for m in _WRITTEN.finditer(text)),
        *(_date(m[3], _month(m[1]), m[2], today) for m in _WRITTEN_US.finditer(text)),
    ]
    return any(found is not None and found < today - RECENT for found in dates)


def _month(name: str) -> str:
    return str(_MONTH_NAMES[name.lower()])


def _date(year: str, month: str, day: str, today: date) -> date | None:
    number = int(year)
    if len(year) == 2:
        # A year of two digits is the last one that is not after next year.
        number += today.year // 100 * 100
        if number > today.year + 1:
            number -= 100
    for first, second in ((month, day), (day, month)):
        try:
            return date(number, int(first), int(second))
        except ValueError:
            continue
    return None
