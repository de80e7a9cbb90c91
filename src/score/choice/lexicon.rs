//! Owns the words that the rules look for, in English, Spanish, French and German: lower case, without accents.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// One or more of the lists of words below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Set(u64);

impl Set {
    /// The lists that hold a word.
    pub(super) fn of(word: &str) -> Self {
        static TABLE: OnceLock<BTreeMap<&'static str, u64>> = OnceLock::new();
        let table = TABLE.get_or_init(|| {
            let mut table = BTreeMap::new();
            for (n, words) in LISTS.iter().enumerate() {
                for word in words.split_ascii_whitespace() {
                    *table.entry(word).or_insert(0) |= 1 << n;
                }
            }
            table
        });
        Self(table.get(word).copied().unwrap_or(0))
    }

    /// Whether any of these lists is among those.
    pub(super) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The words of both.
    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Declares lists of words, parted by spaces.
macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident = $words:literal;)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Nth { $($name),* }
        const LISTS: &[&str] = &[$($words),*];
        $($(#[$doc])* pub(super) const $name: Set = Set(1 << Nth::$name as u64);)*
    };
}

lists! {
    /// Articles that may precede an option's text.
    ARTICLES = "a an the el la los las un una le les une l der die das ein eine";

    /// Nouns for what is asked for.
    ANSWER = "answer ans response respuesta reponse antwort losung loesung solution solucion \
        答案 正确答案 答え 正解 정답 ответ resposta risposta antwoord svar";

    /// Nouns for one of the things to choose from.
    OPTION = "\
        option choice letter opcion alternativa letra eleccion lettre choix proposition \
        antwortoption auswahl buchstabe antwortmoglichkeit inciso guess";

    /// Other words that, with a colon, head the choice.
    HEADINGS = "verdict selection selected pick final correct conclusion result fazit auswahl rpta";

    /// Words after [`ANSWER`] that make it speak of something else than the choice.
    NOT_THE_ANSWER = "\
        choices options choice list depends whether if because when each every explanation \
        explanations format rationale key moglichkeiten posibles possibles";

    /// Verbs that equate.
    IS = "\
        is was be seems appears remains becomes isn't wasn't it's that's es seria sea parece est \
        serait semble reste ist ware lautet scheint bleibt sind are son sont";

    /// Words between the verb and the choice that do not change it.
    FILLERS = "\
        option choice letter answer alternative opcion alternativa letra respuesta lettre reponse \
        antwort buchstabe the la le el l die der das clearly therefore thus hence indeed actually \
        probably likely most definitely certainly simply still then so now obviously again in fact \
        namely correct correcta final would should must be is to por lo tanto claramente \
        probablemente donc clairement probablement bien also daher somit wahrscheinlich eindeutig \
        tatsachlich number as follows it's es c est both either ambas ambos beide sowohl soit";

    /// Verbs and adjectives that deny.
    NEGATIVE = "\
        not isn't wasn't never cannot can't doesn't don't wouldn't shouldn't couldn't neither nor \
        aren't won't wrong incorrect false unlikely implausible less least ruled excluded eliminated \
        contraindicated inappropriate invalid out second no nunca incorrecta incorrecto incorrectas \
        falsa falso erronea equivocada descartada descarta menos pas jamais incorrecte fausse faux \
        exclue exclu moins ni nicht kein keine falsch unwahrscheinlich inkorrekt ausgeschlossen \
        weniger partially partly tempting hardly";

    /// Adjectives that make an answer one that is not given.
    UNCHOSEN = "\
        wrong incorrect false tempting distractor unlikely previous initial earlier common alternate \
        other another next your incorrecta falsa equivocada otra mauvaise fausse incorrecte autre \
        falsche andere inkorrekte not no worst second example sample student's user's each every all \
        any first draft preliminary tentative expected";

    /// Words of approval that stand at the end of a clause or before a noun for the answer.
    RIGHT = "\
        correct right best preferred appropriate correcta correcto correctas adecuada mejor correcte \
        juste exacte bonne meilleure richtig korrekt zutreffend richtige korrekte beste \
        wahrscheinlichste wahrscheinlichsten winner indicated";

    /// Adjectives that approve after `most`.
    LIKELY = "\
        likely probable appropriate plausible consistent suitable accurate fitting correct \
        compatible reasonable adecuada apropiada correcta acertada vraisemblable appropriee adaptee";

    /// Superlatives before [`LIKELY`] adjectives.
    MOST = "most mas plus";

    /// Verbs that approve by themselves.
    FITS = "fits matches explains wins encaja coincide correspond convient passt stimmt trifft";

    /// Nouns that a superlative makes into a question's answer: `the most likely diagnosis is`.
    ASKED_FOR = "\
        diagnosis cause step treatment management explanation mechanism drug organism pathogen \
        therapy finding test intervention medication etiology agent action approach investigation \
        complication statement diagnostico causa tratamiento paso conducta diagnostic traitement \
        etape diagnose ursache behandlung therapie massnahme schritt";

    /// What makes one of [`ASKED_FOR`] the one that is asked for.
    SUPERLATIVES = "\
        most best correct right next mas mejor correcto plus probablemente meilleur meilleure bon \
        wahrscheinlichste beste nachste richtige";

    /// Words by which the writer chooses, with the choice after them.
    CHOOSE = "\
        choose pick select go going opt answer say think believe vote guess conclude settle chose \
        picked selected choosing selecting picking lean bet choisis choisirais opte opterais reponds \
        pense dirais wahle wahlen entscheide tippe nehme glaube denke";

    /// Who chooses.
    I = "i i'd i'll i'm i've we we'd we'll me let's j je ich yo nous wir";

    /// First persons that need no pronoun.
    I_CHOOSE = "\
        elijo elegiria escojo escogeria selecciono seleccionaria opto optaria creo respondo diria \
        marcaria marco";

    /// Words between choosing and the choice.
    CHOOSE_FILLERS = "\
        with for on would be is it it's that the answer option choice letter to this correct best \
        one as my por la el que es opcion respuesta correcta pour le l reponse lettre qu est c mich \
        fur auf die antwort dass ist wurde towards toward both either";

    /// Words that draw the conclusion.
    THEREFORE = "\
        therefore thus hence so consequently ultimately overall finally conclusion tanto luego \
        consiguiente donc ainsi finalement consequent daher also somit folglich deshalb schliesslich \
        leaving leaves";

    /// Words that set against.
    CONTRAST = "\
        but however rather instead yet although though pero sino mas aunque mais plutot cependant \
        sondern aber jedoch better more";

    /// Words that take back what was said, at the start of a clause.
    TAKE_BACK = "\
        wait correction oops hmm scratch reconsidering reconsider sorry espera corrijo correccion \
        perdon rectifico attendez attends pardon rectification moment halt korrektur vielmehr doch \
        stopp edit update";

    /// Words that make a clause no more than a supposition, or somebody else's opinion.
    SUPPOSING = "\
        might may could suppose podria pourrait konnte many some students someone people tempting \
        initially typically example were seemed thought";

    /// Words that make a whole sentence depend on a condition.
    CONDITION = "if unless si wenn falls were";

    /// Words that join two choices into none.
    OR = "or and o y e u et ou und oder nor plus sowie";

    /// Words that cannot follow an article, so that a letter before them is a letter.
    AFTER_LETTER = "\
        because since as is was due given which that and or but not rather would seems cannot should \
        for with based in on isn't instead over fits best here are does porque ya que es pues debido \
        car parce puisque est et ou weil da denn ist und oder y o no sino pero mais sondern aufgrund \
        were will can't might could son sont sind wahlen nehmen sagen";

    /// Those of [`AFTER_LETTER`] that cannot follow the pronoun I either.
    AFTER_I = "because since is due given which and or not rather fits isn't porque es car est weil ist";

    /// Words that may follow the text of an option without changing it.
    AFTER_TEXT = "because since as is which given but not rather porque ya car parce puisque weil denn est ist";

    /// Words after a letter at the start of a reply that give the reason.
    BECAUSE = "because since as porque ya car parce puisque weil denn";

    /// Words that a letter may follow and still begin its clause.
    BEFORE_LETTER = "\
        option choice answer letter alternative opcion alternativa letra respuesta reponse lettre \
        proposition antwort antwortoption buchstabe so thus therefore hence and but that while \
        whereas since because think believe only then however also both either neither y et und pero \
        mais aber dass que la le l die daher donc or nor o ou oder ni not inciso conclude why";

    /// Small words that sentences begin with when their writer leaves out the capital.
    SENTENCE_STARTS = "it it's this the these a an there patient explanation la el le die der das il";

    /// Words between `or` and the second choice.
    JOIN_FILLERS = "\
        option choice answer letter possibly maybe perhaps also even opcion la le die reponse \
        antwort respuesta als auch the";

    /// Words before the answer of a line that holds nothing else.
    ALONE_FILLERS = "option choice letter answer opcion both either";

    /// Words between `it is` and the choice.
    IT_IS_FILLERS = "\
        option choice letter answer clearly definitely probably actually be most likely the la le \
        reponse lettre opcion respuesta l";

    /// Words between the conclusion and the choice.
    THEREFORE_FILLERS = "option choice letter answer the opcion la reponse antwort us with only";

    /// Words between the retraction and the choice.
    TAKE_BACK_FILLERS = "\
        no it is it's should be actually that the option answer i mean meant rather correction to es \
        la c est nein non doch";

    /// Words between a verb and its approval.
    APPROVAL_FILLERS = "\
        be my a mon mi meine to richtige bonne mejor meilleure overall option choice letter answer \
        the la le el l die der das clearly therefore thus hence indeed actually probably likely most \
        definitely certainly simply still then so now obviously again in fact would should must also \
        claramente donc clairement bien daher somit eindeutig";

    /// Words that follow approval without giving it another noun.
    AFTER_RIGHT = "\
        one fit match pick here because since as for initial next first of and given porque car weil \
        da";

    /// Words that begin a denial or a phrase that declines.
    DECLINING = "\
        i i'm i'd we unable can't cannot not against unable no desconozco prefiero debo je il ich kann darf \
        das";

    /// What is declined, soon after a denial.
    HELP = "\
        help assist provide answer give offer advise diagnose recommend discuss respond comply \
        fulfill choose select pick engage participate determine support continue share advice say \
        ayudar ayudarte ayudarle ayudarlo proporcionar proporcionarte responder responderte dar \
        darte darle ofrecer ofrecerte contestar asistir brindar brindarte diagnosticar aconsejar \
        elegir recomendar determinar aider repondre fournir donner conseiller diagnostiquer \
        recommander assister offrir choisir proposer determiner helfen geben beantworten \
        bereitstellen unterstutzen anbieten empfehlen beraten leisten antworten diagnostizieren \
        weiterhelfen auswahlen stellen erteilen";
}
