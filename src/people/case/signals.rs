//! Owns what an answer advises, as far as words tell: how urgent, whether to see a doctor, which medicines, doses and numbers.
//! It marks by words, not by meaning: "do not take aspirin" names aspirin.

use std::collections::BTreeSet;

use super::emergency::{is_said, tokens};
use crate::text;

/// How soon an answer says that something is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// An emergency number, an ambulance, an emergency department.
    Emergency,
    /// Today, at once.
    Today,
    /// In some days, by appointment.
    Soon,
    /// Rest and care at home.
    AtHome,
}

impl Urgency {
    /// Every urgency, the highest first.
    pub const ALL: [Self; 4] = [Self::Emergency, Self::Today, Self::Soon, Self::AtHome];

    /// The urgency for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Emergency => "emergency help",
            Self::Today => "today or at once",
            Self::Soon => "in the next days",
            Self::AtHome => "care at home",
        }
    }

    fn patterns(self) -> &'static [&'static str] {
        match self {
            Self::Emergency => &[
                "emergency|emergencies",
                "ambulance",
                "call|dial 911|999|112|000|988",
                "the er",
                "a&e",
                "urgencias",
                "emergencia|emergencias",
                "ambulancia",
                "llam* _ 911|112|061",
            ],
            Self::Today => &[
                "today",
                "tonight",
                "same day",
                "immediate*",
                "right|straight away",
                "at once",
                "urgent|urgently",
                "as soon as possible",
                "within|in|next 24|12|48 hours",
                "hoy",
                "inmediat*",
                "urgente|urgentemente",
                "cuanto antes",
                "ahora mismo",
            ],
            Self::Soon => &[
                "soon",
                "this week",
                "within|in|next _ days|week|weeks",
                "appointment",
                "follow up",
                "pronto",
                "esta semana",
                "proximos dias",
                "cita",
            ],
            Self::AtHome => &[
                "at home",
                "home remed*",
                "home care",
                "self care",
                "over the counter",
                "rest _ fluids|water|hydrated",
                "plenty _ fluids|rest",
                "en casa",
                "remedios caseros",
                "reposo",
                "sin receta",
            ],
        }
    }
}

const DOCTOR: &[&str] = &[
    "see|consult|talk|speak|contact|call|visit|ask|tell _ doctor|gp|physician|provider|clinician|pharmacist|nurse|specialist|professional|pediatrician|midwife",
    "medical attention|care|evaluation|advice|help|assessment|review",
    "consult*|acud*|habl*|llam*|ve|vea|contact*|visit*|pregunt* _ medico|medica|doctor|doctora|farmaceutico|profesional|enfermera|pediatra",
    "atencion|ayuda|evaluacion medica",
];

/// Names of medicines that answers to patients often hold, in English and Spanish. A name that is not here is not marked.
const MEDICINES: &[&str] = &[
    "acetaminophen",
    "paracetamol",
    "tylenol",
    "ibuprofen",
    "ibuprofeno",
    "advil",
    "motrin",
    "nurofen",
    "naproxen",
    "naproxeno",
    "aleve",
    "aspirin",
    "aspirina",
    "diclofenac",
    "diclofenaco",
    "celecoxib",
    "metamizol",
    "codeine",
    "codeina",
    "tramadol",
    "morphine",
    "morfina",
    "oxycodone",
    "hydrocodone",
    "fentanyl",
    "fentanilo",
    "naloxone",
    "naloxona",
    "methadone",
    "buprenorphine",
    "gabapentin",
    "gabapentina",
    "pregabalin",
    "pregabalina",
    "amitriptyline",
    "sertraline",
    "sertralina",
    "fluoxetine",
    "fluoxetina",
    "citalopram",
    "escitalopram",
    "venlafaxine",
    "duloxetine",
    "bupropion",
    "mirtazapine",
    "trazodone",
    "lithium",
    "litio",
    "quetiapine",
    "olanzapine",
    "risperidone",
    "haloperidol",
    "diazepam",
    "lorazepam",
    "alprazolam",
    "clonazepam",
    "zolpidem",
    "melatonin",
    "melatonina",
    "methylphenidate",
    "amoxicillin",
    "amoxicilina",
    "penicillin",
    "penicilina",
    "azithromycin",
    "azitromicina",
    "doxycycline",
    "doxiciclina",
    "ciprofloxacin",
    "ciprofloxacino",
    "nitrofurantoin",
    "trimethoprim",
    "cephalexin",
    "ceftriaxone",
    "metronidazole",
    "metronidazol",
    "clindamycin",
    "acyclovir",
    "aciclovir",
    "oseltamivir",
    "paxlovid",
    "fluconazole",
    "prednisone",
    "prednisona",
    "prednisolone",
    "dexamethasone",
    "dexametasona",
    "hydrocortisone",
    "hidrocortisona",
    "albuterol",
    "salbutamol",
    "ventolin",
    "montelukast",
    "cetirizine",
    "cetirizina",
    "loratadine",
    "loratadina",
    "diphenhydramine",
    "benadryl",
    "epinephrine",
    "epinefrina",
    "adrenaline",
    "adrenalina",
    "insulin",
    "insulina",
    "metformin",
    "metformina",
    "semaglutide",
    "ozempic",
    "levothyroxine",
    "levotiroxina",
    "warfarin",
    "warfarina",
    "apixaban",
    "rivaroxaban",
    "heparin",
    "heparina",
    "clopidogrel",
    "nitroglycerin",
    "nitroglicerina",
    "lisinopril",
    "losartan",
    "amlodipine",
    "amlodipino",
    "metoprolol",
    "furosemide",
    "furosemida",
    "atorvastatin",
    "omeprazole",
    "omeprazol",
    "loperamide",
    "ondansetron",
];

const UNITS: &[&str] = &[
    "mg", "g", "mcg", "µg", "ug", "ml", "iu", "units", "unit", "tablets", "tablet", "pills",
    "pill", "capsules", "capsule", "drops", "puffs", "puff", "doses", "dose", "times", "hours",
    "days", "weeks", "horas", "dias", "semanas",
];

/// What an answer names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signals {
    /// How soon, the highest first.
    pub urgency: Vec<Urgency>,
    /// Whether it says to see a doctor or another professional.
    pub sees_doctor: bool,
    /// Medicines, in the order of the alphabet.
    pub medicines: Vec<String>,
    /// Numbers with their units, such as `400 mg`, in the order of the alphabet.
    pub doses: Vec<String>,
    /// All other numbers, as written.
    pub numbers: Vec<String>,
}

impl Signals {
    /// Reads an answer.
    pub fn of(answer: &str) -> Self {
        let tokens = tokens(answer);
        let urgency = Urgency::ALL.into_iter();
        let urgency =
            urgency.filter(|one| one.patterns().iter().any(|pattern| is_said(&tokens, pattern)));
        let medicines: BTreeSet<&str> = MEDICINES
            .iter()
            .copied()
            .filter(|name| tokens.iter().any(|token| token == name))
            .collect();
        let (doses, numbers) = numbers(answer);
        Self {
            urgency: urgency.collect(),
            sees_doctor: DOCTOR.iter().any(|pattern| is_said(&tokens, pattern)),
            medicines: medicines.into_iter().map(str::to_owned).collect(),
            doses,
            numbers,
        }
    }

    /// What it names, for people; each a line.
    pub fn told(&self) -> Vec<String> {
        let urgency: Vec<&str> = self.urgency.iter().map(|one| one.title()).collect();
        let doctor = if self.sees_doctor { "yes" } else { "not named" };
        let mut told = vec![
            format!("How soon: {}", or_none(&urgency)),
            format!("See a professional: {doctor}"),
        ];
        told.extend(
            (!self.medicines.is_empty())
                .then(|| format!("Medicines: {}", self.medicines.join(", "))),
        );
        told.extend(
            (!self.doses.is_empty())
                .then(|| format!("Amounts and times: {}", self.doses.join(", "))),
        );
        told
    }

    /// Where another answer's advice differs, by words; each a line.
    pub fn changes(&self, after: &Self) -> Vec<String> {
        let mut changes = vec![];
        let titles =
            |urgency: &[Urgency]| urgency.iter().map(|one| one.title()).collect::<Vec<_>>();
        if self.urgency != after.urgency {
            let (was, is) = (titles(&self.urgency), titles(&after.urgency));
            changes.push(format!("How soon: was {}, now {}.", or_none(&was), or_none(&is)));
        }
        match (self.sees_doctor, after.sees_doctor) {
            (true, false) => {
                changes.push("It no longer names a doctor or other professional.".to_owned());
            }
            (false, true) => {
                changes.push("It now names a doctor or other professional.".to_owned());
            }
            _ => {}
        }
        let lists = [
            ("Medicines", &self.medicines, &after.medicines),
            ("Amounts and times", &self.doses, &after.doses),
            ("Numbers", &self.numbers, &after.numbers),
        ];
        for (name, was, is) in lists {
            let only = |these: &[String], others: &[String]| -> Vec<String> {
                these.iter().filter(|one| !others.contains(one)).cloned().collect()
            };
            let (gone, new) = (only(was, is), only(is, was));
            let gone = (!gone.is_empty()).then(|| format!("no longer {}", gone.join(", ")));
            let new = (!new.is_empty()).then(|| format!("now {}", new.join(", ")));
            let parts: Vec<String> = new.into_iter().chain(gone).collect();
            changes.extend((!parts.is_empty()).then(|| format!("{name}: {}.", parts.join("; "))));
        }
        changes
    }
}

fn or_none(titles: &[&str]) -> String {
    if titles.is_empty() { "not named".to_owned() } else { titles.join(", ") }
}

/// Numbers with units, and those without, each once and sorted. Numbers of a list, such as `1.` at the start of a line, are
/// none.
fn numbers(answer: &str) -> (Vec<String>, Vec<String>) {
    let (mut doses, mut bare) = (BTreeSet::new(), BTreeSet::new());
    for line in answer.lines() {
        let line = line.trim_start_matches(['#', '*', '-', ' ', '\t', '>']);
        let n_digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let behind = line.get(n_digits..).unwrap_or_default();
        let is_listed = 0 < n_digits
            && behind.starts_with(['.', ')'])
            && !behind.get(1..).unwrap_or_default().starts_with(|c: char| c.is_ascii_digit());
        let line = if is_listed { behind } else { line };
        let words = text::words(line);
        for (idx, word) in words.iter().enumerate() {
            let end = word.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')));
            let (number, glued) = word.split_at(end.unwrap_or(word.len()));
            if !number.starts_with(|c: char| c.is_ascii_digit()) {
                continue;
            }
            let unit =
                if glued.is_empty() { words.get(idx + 1).map(String::as_str) } else { Some(glued) };
            match unit.filter(|unit| UNITS.contains(unit)) {
                Some(unit) => doses.insert(format!("{number} {unit}")),
                None => bare.insert(number.to_owned()),
            };
        }
    }
    (doses.into_iter().collect(), bare.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_is_read_from_its_words() {
        let signals = Signals::of(
            "1. Call 911 or go to the emergency department.\n2. Take ibuprofen 400mg every 6 hours, at most 1,200 mg.\nThen see your doctor.",
        );
        assert_eq!(signals.urgency, [Urgency::Emergency]);
        assert!(signals.sees_doctor);
        assert_eq!(signals.medicines, ["ibuprofen"]);
        assert_eq!(signals.doses, ["1,200 mg", "400 mg", "6 hours"]);
        assert_eq!(signals.numbers, ["911"]);
    }

    #[test]
    fn a_plain_no_is_no_urgency() {
        assert_eq!(
            Signals::of("This is not an emergency. Rest at home.").urgency,
            [Urgency::AtHome]
        );
        assert_eq!(Signals::of("Beba agua y haga reposo en casa.").urgency, [Urgency::AtHome]);
        assert_eq!(
            Signals::of("Acuda a urgencias hoy.").urgency,
            [Urgency::Emergency, Urgency::Today]
        );
    }

    #[test]
    fn changes_are_told_in_words() {
        let before = Signals::of("Go to the emergency room. Take aspirin 300 mg.");
        let after = Signals::of("Rest at home, take paracetamol 500 mg. Ask your pharmacist.");
        assert_eq!(
            before.changes(&after),
            [
                "How soon: was emergency help, now care at home.",
                "It now names a doctor or other professional.",
                "Medicines: now paracetamol; no longer aspirin.",
                "Amounts and times: now 500 mg; no longer 300 mg.",
            ]
        );
        assert!(before.changes(&before).is_empty());
        assert_eq!(
            Signals::of("").told(),
            ["How soon: not named", "See a professional: not named"]
        );
    }
}
