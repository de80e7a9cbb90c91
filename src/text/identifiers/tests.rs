//! Owns the tests of the check for personal details: what must be found, and what must raise nothing.

use super::Kind::{Address, Date, DateOfBirth, Email, IdentityNumber, MedicalRecord, Name, Phone};
use super::*;

/// Texts with what is to be found in them, in order.
const FOUND: [(&str, &[(Kind, &str)]); 67] = [
    ("Name: Jane Doe, 54 years", &[(Name, "Jane Doe")]),
    ("Patient name: DOE, JANE", &[(Name, "DOE, JANE")]),
    ("Patient: John A. Smith\nComplaint: cough", &[(Name, "John A. Smith")]),
    ("Name: Jane", &[(Name, "Jane")]),
    ("Mr. John Smith has had chest pain since Monday.", &[(Name, "Mr. John Smith")]),
    (
        "Mrs Mary O'Brien was referred by Dr. Alan McKay.",
        &[(Name, "Mrs Mary O'Brien"), (Name, "Dr. Alan McKay")],
    ),
    ("Ms. Anne-Marie Lindqvist takes warfarin.", &[(Name, "Ms. Anne-Marie Lindqvist")]),
    ("Hello, my name is Peter van der Berg and I cough.", &[(Name, "Peter van der Berg")]),
    ("The patient John Smith takes metformin.", &[(Name, "John Smith")]),
    ("A man named Robert Miller collapsed.", &[(Name, "Robert Miller")]),
    (
        "Robert Miller, seen 03/04/2019, has a rash.",
        &[(Name, "Robert Miller"), (Date, "03/04/2019")],
    ),
    ("Laura Chen (2021-03-12): potassium 5.9", &[(Name, "Laura Chen"), (Date, "2021-03-12")]),
    ("Nombre: María López", &[(Name, "María López")]),
    ("Nombre y apellidos: Juan García-López", &[(Name, "Juan García-López")]),
    ("Paciente: José Luis de la Fuente", &[(Name, "José Luis de la Fuente")]),
    ("La Sra. Carmen Ruiz acude por disnea.", &[(Name, "Sra. Carmen Ruiz")]),
    ("El Dr. Antonio Pérez firma el informe.", &[(Name, "Dr. Antonio Pérez")]),
    ("Doña Pilar Gómez tiene fiebre.", &[(Name, "Doña Pilar Gómez")]),
    ("D. Manuel Ortega refiere dolor.", &[(Name, "D. Manuel Ortega")]),
    ("Me llamo Lucía Fernández y me duele la cabeza.", &[(Name, "Lucía Fernández")]),
    ("Una mujer llamada Teresa Romero ingresó.", &[(Name, "Teresa Romero")]),
    ("Call me at 555-867-5309 tomorrow.", &[(Phone, "Call me at 555-867-5309")]),
    ("Phone: (617) 555-0123", &[(Phone, "Phone: (617) 555-0123")]),
    ("He can be reached under 617-555-0123.", &[(Phone, "617-555-0123")]),
    ("He can be reached under (617) 555-0123.", &[(Phone, "(617) 555-0123")]),
    ("617.555.0123 is her daughter", &[(Phone, "617.555.0123")]),
    ("Reach the family under +1 617 555 0123.", &[(Phone, "+1 617 555 0123")]),
    ("Tel. 020 7946 0958", &[(Phone, "Tel. 020 7946 0958")]),
    ("Teléfono: 612 345 678", &[(Phone, "Teléfono: 612 345 678")]),
    ("móvil 612345678", &[(Phone, "móvil 612345678")]),
    ("La familia: +34 612 345 678.", &[(Phone, "+34 612 345 678")]),
    ("Fax: 91 234 56 78", &[(Phone, "Fax: 91 234 56 78")]),
    ("Write to jane.doe+clinic@mail.example.org.", &[(Email, "jane.doe+clinic@mail.example.org")]),
    ("correo maria_lopez@hospital.es", &[(Email, "maria_lopez@hospital.es")]),
    ("<x@y.com>", &[(Email, "x@y.com")]),
    ("MRN: 00123456", &[(MedicalRecord, "MRN: 00123456")]),
    ("MRN 12-34-567, male", &[(MedicalRecord, "MRN 12-34-567")]),
    ("Medical record number AB123456.", &[(MedicalRecord, "Medical record number AB123456")]),
    ("Patient ID: P-20394", &[(MedicalRecord, "Patient ID: P-20394")]),
    ("NHS number 943 476 5919", &[(MedicalRecord, "NHS number 943 476 5919")]),
    ("NHC: 4455667", &[(MedicalRecord, "NHC: 4455667")]),
    (
        "Número de historia clínica: 884512",
        &[(MedicalRecord, "Número de historia clínica: 884512")],
    ),
    ("Historia clínica nº 884512", &[(MedicalRecord, "Historia clínica nº 884512")]),
    ("SSN 123-45-6789", &[(IdentityNumber, "SSN 123-45-6789")]),
    ("her number 123-45-6789 is on file", &[(IdentityNumber, "123-45-6789")]),
    ("Social security number: 123456789", &[(IdentityNumber, "Social security number: 123456789")]),
    ("DNI 12345678Z", &[(IdentityNumber, "12345678Z")]),
    ("con DNI 12.345.678-Z", &[(IdentityNumber, "12.345.678-Z")]),
    ("NIE X1234567L", &[(IdentityNumber, "X1234567L")]),
    ("NSS: 28/12345678/40", &[(IdentityNumber, "NSS: 28/12345678/40")]),
    ("DOB: 03/04/1961", &[(DateOfBirth, "03/04/1961")]),
    ("D.O.B. 3 April 1961", &[(DateOfBirth, "3 April 1961")]),
    ("Date of birth: April 3, 1961", &[(DateOfBirth, "April 3, 1961")]),
    ("She was born on March 12, 1950.", &[(DateOfBirth, "March 12, 1950")]),
    ("He was born on the 3rd of May.", &[(DateOfBirth, "3rd of May")]),
    ("born 1961-04-03 in Leeds", &[(DateOfBirth, "1961-04-03")]),
    ("Fecha de nacimiento: 12/05/1980", &[(DateOfBirth, "12/05/1980")]),
    ("nacida el 12 de marzo de 1950", &[(DateOfBirth, "12 de marzo de 1950")]),
    ("She was admitted on March 12, 2021 with fever.", &[(Date, "March 12, 2021")]),
    ("Seen in clinic 12/03/2021.", &[(Date, "12/03/2021")]),
    ("Date: 12 Nov 2025\nBP 120/80", &[(Date, "12 Nov 2025")]),
    ("Ingresó el 3 de febrero de 2020 por neumonía.", &[(Date, "3 de febrero de 2020")]),
    ("Lives at 221 Baker Street.", &[(Address, "221 Baker Street")]),
    ("12B Old Mill Rd.", &[(Address, "12B Old Mill Rd")]),
    ("from Boston, MA 02115", &[(Address, "Boston, MA 02115")]),
    ("Vive en la Calle de Alcalá, 42, 3º B.", &[(Address, "Calle de Alcalá, 42")]),
    ("P.O. Box 1234", &[(Address, "P.O. Box 1234")]),
];

/// Texts in which nobody can be recognised.
const SILENT: [&str; 62] = [
    "",
    "A 45-year-old man presents with chest pain on day 3; BP 120/80 mmHg, pulse 110/min.",
    "A 24-year-old pregnant woman, G2P1, at 38 weeks' gestation.",
    "Her temperature is 38.9°C (102°F), oxygen saturation 98% on room air.",
    "Na+ 140 mEq/L, K+ 4.2 mEq/L, Ca2+ 9.4 mg/dL",
    "Mr. Smith is a 60-year-old smoker. The patient coughs.",
    "Mr. Smith. The Doctor asks.",
    "Mrs. Jones takes 5 mg of Warfarin.",
    "Dr. Snow mapped cholera.",
    "Name the most likely diagnosis.",
    "Name: ______",
    "Patient: I have had this for weeks.\nDoctor: Where?",
    "Patient: Doctor, it hurts.",
    "Patient Health Questionnaire-9 score is 14.",
    "A patient named in the register was excluded.",
    "The disease named after Burrill Crohn.",
    "Lou Gehrig disease; Guillain-Barré syndrome; Kaplan-Meier curve; Stevens-Johnson syndrome.",
    "The Glasgow Coma Scale is 8 and the Apgar scores are 7 and 9.",
    "George Washington University Hospital ran the trial.",
    "t(9;22)(q34;q11), HLA-B27, CD4+ count 350",
    "Platelets 150,000/mm3, leukocytes 12,400/mm3, 1 200 000 units",
    "The dose is 100-200-300 mg over three days.",
    "Ratios of 3:4:1961 and 120/80/60.",
    "The cell count is 5000000 per mL.",
    "Call 911 if it gets worse.",
    "Grade 3/6 murmur, 2/4 reflexes, 5/5 strength, 10/12/14 hours",
    "Between January 1, 2004 and December 31, 2005, 240 patients were enrolled.",
    "Patients seen from 1/1/2004 to 31/12/2005 were included.",
    "Data from 12 March 2010 to 3 June 2012 were analysed.",
    "The guideline of March 12, 2021 recommends statins.",
    "He was born in 1950.",
    "Born at 38 weeks by caesarean section.",
    "The baby was born on day 3 of the storm.",
    "born 3 weeks early",
    "In May 2019 she noticed a lump.",
    "Trial NCT01234567, PMID 12345678, doi 10.1000/182",
    "CAS 50-78-2, EC 3.4.21.4, ICD-10 E11.9",
    "12345678A",
    "000-12-3456 and 666-12-3456 and 987-65-4321 were never assigned",
    "Section 12-34-5678-9",
    "MRN: pending",
    "The record number of cases was 12345.",
    "Room 12, Ward 3",
    "On day 3 St. John's wort was started.",
    "At 5 Drive pressure rose.",
    "stage 2 Street drugs were denied",
    "20 Minnesota Tubes Way beyond",
    "Vitamin D Deficiency Prevention in Adults",
    "D Xylose Test is normal.",
    "Should We Miss Cancers Following Updated Guidelines?",
    "Groups C and D. All Doctors agreed.",
    "email the result @ noon",
    "10 mg @ 3 ml",
    "Un hombre de 45 años acude a consulta con dolor torácico; TA 120/80 mmHg.",
    "El Sr. García tiene 60 años y fuma.",
    "La paciente toma Enalapril Hidroclorotiazida.",
    "En la Avenida se cayó; pulso 110.",
    "Nacida a las 38 semanas, peso 3.200 g.",
    "Nombre del fármaco: Warfarina",
    "Entre el 1 de enero de 2004 y el 31 de diciembre de 2005 se incluyeron 240 pacientes.",
    "La escala de Glasgow es 8. El Dr. House no existe.",
    "Paseo diario de 30 minutos, 3 veces por semana.",
];

fn described(text: &str) -> Vec<(Kind, &str)> {
    find(text)
        .iter()
        .map(|finding| (finding.kind, text.get(finding.range.clone()).unwrap_or("<no range>")))
        .collect()
}

#[test]
fn details_of_a_person_are_found_where_they_stand() {
    let wrong: Vec<String> = FOUND
        .iter()
        .filter(|(text, expected)| described(text) != *expected)
        .map(|(text, _)| format!("{text}: {:?}", described(text)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn ordinary_texts_raise_nothing() {
    let wrong: Vec<String> = SILENT
        .iter()
        .filter(|text| !find(text).is_empty())
        .map(|text| format!("{text}: {:?}", described(text)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn full_width_and_curly_characters_hide_nothing() {
    assert_eq!(
        described("SSN １２３－４５－６７８９"),
        [(IdentityNumber, "SSN １２３－４５－６７８９")]
    );
    assert_eq!(described("Mrs Mary O’Brien"), [(Name, "Mrs Mary O’Brien")]);
    assert_eq!(described("617–555–0123"), [(Phone, "617–555–0123")]);
}

#[test]
fn hostile_texts_give_ranges_within_them() {
    for text in [
        "@",
        "a@",
        "@b.c",
        "a@b.",
        "Name:",
        "Mr.",
        "12/",
        "1/1/",
        "+",
        "C/",
        "DOB",
        "٣@é.éé",
        "Name: É",
    ] {
        for finding in find(text) {
            assert!(text.get(finding.range.clone()).is_some(), "{text}");
        }
    }
}

#[test]
fn a_long_text_takes_no_time() {
    let text = "Name: Jane Doe, DOB 03/04/1961, tel 617-555-0123, a@b.example, 12 Old Mill Road. "
        .repeat(2_000);
    assert!(5_000 < find(&text).len());
    let dots = ".".repeat(100_000) + "@" + &"a.".repeat(50_000);
    let _ = find(&dots);
}

proptest::proptest! {
    #[test]
    fn any_text_is_survived(text in "(?s).{0,200}") {
        for finding in find(&text) {
            assert!(text.get(finding.range).is_some_and(|found| !found.is_empty()));
        }
    }
}
