"""What looks like somebody's identity is refused, and ordinary sentences are not."""

from datetime import date, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.cabinet_secure.register.identity import (
    RECENT,
    Identity,
    find_identity,
    key_of,
)

TODAY = date(2026, 11, 25)

NAMES = [
    "M. Dupont a crié dans la salle d’attente.",
    "M Dupont est parti.",
    "MM. Martin et Durand.",
    "Mme Nguyen a refusé de sortir.",
    "MME DUPONT A CRIÉ",
    "Mlle Petit",
    "Monsieur Lefèvre voulait un arrêt.",
    "monsieur Lefèvre voulait un arrêt.",
    "Madame O’Brien est revenue.",
    "Madame d’Estaing est revenue.",
    "Madame de Villiers est revenue.",
    "Madame El Khoury est revenue.",
    "M. J. Dupont, accompagné.",
    "M. J.-P. Dupont, accompagné.",
    "Mr Smith shouted at the desk.",
    "Mrs. Jones left.",
    "Ms Brown left.",
    "Dr Bernard a reçu la menace.",
    "Docteur Bernard a reçu la menace.",
    "Le docteur Bernard a reçu la menace.",
    "Pr. Ångström",
    "M.\u00a0Dupont avec une espace insécable",
    "Mme\u202fDupont",
    "mme dupont est venue",
    "mr smith wanted a prescription",
    "mlle petit",
    "dr bernard l’a vu",
    "le patient Dupont est revenu",
    "La patiente Martin est revenue.",
    "un homme nommé Karim",
    "Il s’appelle Durand.",
    "a man named Smith",
    "the patient Smith",
    "Le dénommé Lambert",
    "Mme Le-Goff",
    "Mme Œuvrard",
]

NUMBERS = {
    "1 84 12 76 451 089 46": Identity.SOCIAL_SECURITY,
    "184127645108946": Identity.SOCIAL_SECURITY,
    "NIR 1841276451089": Identity.SOCIAL_SECURITY,
    "2 69 05 2A 004 012 23": Identity.SOCIAL_SECURITY,
    "2-69-05-2B-004-012": Identity.SOCIAL_SECURITY,
    "sécu : 1.84.12.76.451.089": Identity.SOCIAL_SECURITY,
    "1\u00a084\u00a012\u00a076\u00a0451\u00a0089": Identity.SOCIAL_SECURITY,
    "né le 12/03/1985": Identity.BIRTH_DATE,
    "née le 3 mars": Identity.BIRTH_DATE,
    "né(e) le": Identity.BIRTH_DATE,
    "Né en 1985, il": Identity.BIRTH_DATE,
    "date de naissance inconnue": Identity.BIRTH_DATE,
    "DDN 12.03.85": Identity.BIRTH_DATE,
    "born on March 12, 1985": Identity.BIRTH_DATE,
    "12/03/1985": Identity.BIRTH_DATE,
    "12-03-85": Identity.BIRTH_DATE,
    "12.03.1985": Identity.BIRTH_DATE,
    "1985-03-12": Identity.BIRTH_DATE,
    "12 mars 1985": Identity.BIRTH_DATE,
    "1er avril 1985": Identity.BIRTH_DATE,
    "March 12, 1985": Identity.BIRTH_DATE,
    "03/25/1985": Identity.BIRTH_DATE,
    "06 12 34 56 78": Identity.PHONE,
    "0612345678": Identity.PHONE,
    "01.42.34.56.78": Identity.PHONE,
    "+33 6 12 34 56 78": Identity.PHONE,
    "+33 (0)6 12 34 56 78": Identity.PHONE,
    "0033612345678": Identity.PHONE,
    "+44 20 7946 0958": Identity.PHONE,
    "jean.dupont@example.org": Identity.EMAIL,
}

ORDINARY = [
    "Insultes à l’accueil, porte claquée, aucun blessé.",
    "M. le médecin a demandé à la personne de sortir.",
    "Monsieur le maire a été prévenu.",
    "Monsieur Le Maire a été prévenu.",
    "Madame la secrétaire a appelé le 17.",
    "Un monsieur est entré sans rendez-vous.",
    "Un monsieur a crié. Personne n’a répondu.",
    "La dame était très agressive ; monsieur attendait dehors.",
    "Le patient a refusé de quitter la salle. La secrétaire a appelé le 112.",
    "Le patient exigeait un arrêt de travail de 15 jours.",
    "Le patient COVID a attendu dehors.",
    "La patiente ALD n’avait pas son ordonnance.",
    "Mme a crié puis est sortie.",
    "mme souhaitait un certificat",
    "mme a refusé de payer",
    "mme était accompagnée",
    "M. D. a été reçu par la police.",
    "Menaces de mort au téléphone, vers 16 h 30.",
    "Une personne accompagnante a poussé la secrétaire.",
    "Vol de 2 ordonnanciers et d’un tampon, tiroir forcé.",
    "Vitre de 2 m. Cassée par un jet de pierre.",
    "Vitre brisée, 1 250,00 € de dégâts, dossier 2026-4471.",
    "Plainte déposée le 12/11/2026, numéro 2026/004512.",
    "Main courante du 3 novembre 2026.",
    "Certificat daté du 02/10/2026 falsifié.",
    "Ordonnance du 15.09.26 falsifiée.",
    "Il avait déjà menacé le cabinet en 2019.",
    "Suivi depuis mars 2019.",
    "Appelé le 17 à 14:05, patrouille à 14:22.",
    "Appel au 114 par SMS, puis au 3237.",
    "Le docteur a raccompagné la personne.",
    "Le Docteur a raccompagné la personne.",
    "docteur ou secrétaire : qui était là ?",
    "Dr. ou secrétaire, tous étaient là.",
    "Médicaments volés : 3 boîtes, CIP 3400930000014.",
    "Numéro de série 356938035643809 de l’ordinateur volé.",
    "Facture 1234567890123 impayée.",
    "IP 192.168.1.10, port 8123.",
    "Clé A4.2 rendue, version 1.10.2026 du plan.",
    "Il a frappé sur le bureau, jeté des papiers, puis est parti à 10 h 15.",
    "Elle est née d’une dispute sur l’attente.",
    "Cette colère est née le jour de la fermeture.",
    "Une idée née en consultation.",
    "Personne nommée au comité.",
    "La porte s’appelle « Entrée ».",
    "The gentleman wanted a sick note and shouted.",
    "The patient left. Police came within 20 minutes.",
    "A man with a knife stood at the entrance; nobody was hurt.",
    "Threats by e-mail (address kept by the police).",
    "The doctor asked him to leave.",
    "Mr and Mrs were both shouting.",
    "The companion threw a chair. Staff went to the break room.",
    "Installer une vitre, former l’équipe, revoir l’accueil.",
    "Sonnette réparée le 24/11/26 ; bouton d’alarme testé.",
    "Deux personnes, dont une avec un chien, ont bloqué l’entrée pendant 20 min.",
    "Merci à l’équipe. Reprise des consultations à 15 h.",
    "Caméra du couloir, 14:02:10 à 14:09:45, gel jusqu’au 25/02/2027.",
    "Conseil départemental de l’Ordre prévenu.",
    "Monsieur, Madame : le message commençait ainsi.",
    "Le professeur a refusé la prescription.",
    "Un pr remplaçant était présent.",
    "Il a demandé à voir la doctoresse Puis il est parti.",
]


@pytest.mark.parametrize("text", NAMES)
def test_a_name_that_a_title_or_a_word_announces_is_found(text: str) -> None:
    assert find_identity(text, TODAY) is Identity.NAME


@pytest.mark.parametrize(("text", "found"), NUMBERS.items())
def test_numbers_and_dates_that_lead_to_a_person_are_found(
    text: str, found: Identity
) -> None:
    assert find_identity(f"Vu : {text}.", TODAY) is found
    assert find_identity(text, TODAY) is found


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_sentences_are_taken_as_they_are(text: str) -> None:
    assert find_identity(text, TODAY) is None


def test_a_key_that_is_wrong_makes_a_number_without_gaps_another_number() -> None:
    assert key_of("1841276451089") == 46
    assert find_identity("184127645108946", TODAY) is Identity.SOCIAL_SECURITY
    assert find_identity("184127645108947", TODAY) is None


def test_corsica_counts_in_the_key_as_the_rule_says() -> None:
    assert key_of("269052A004012") == 97 - 2690519004012 % 97
    assert key_of("269052B004012") == 97 - 2690518004012 % 97


@given(
    st.integers(1, 2),
    st.integers(0, 99),
    st.integers(1, 12),
    st.sampled_from(["01", "75", "2A", "2B", "97", "99"]),
    st.integers(1, 999),
    st.integers(1, 999),
    st.sampled_from(["", " ", ".", "-", "\u00a0"]),
    st.booleans(),
)
def test_every_social_security_number_is_found_however_it_is_written(
    sex: int,
    year: int,
    month: int,
    department: str,
    commune: int,
    order: int,
    separator: str,
    keyed: bool,
) -> None:
    parts = [
        str(sex),
        f"{year:02}",
        f"{month:02}",
        department,
        f"{commune:03}",
        f"{order:03}",
    ]
    if keyed:
        parts.append(f"{key_of(''.join(parts)):02}")
    found = find_identity(f"Son numéro : {separator.join(parts)}, noté.", TODAY)
    assert found is Identity.SOCIAL_SECURITY


@given(st.dates(min_value=date(1920, 1, 1), max_value=TODAY + timedelta(days=300)))
def test_a_date_is_one_of_birth_unless_it_is_recent(day: date) -> None:
    expected = Identity.BIRTH_DATE if day < TODAY - RECENT else None
    for text in (f"{day:%d/%m/%Y}", f"{day:%Y-%m-%d}", f"{day:%d.%m.%Y}"):
        assert find_identity(f"le {text}", TODAY) is expected


@given(st.text(max_size=300))
def test_any_text_is_looked_at_without_an_error(text: str) -> None:
    find_identity(text, TODAY)
