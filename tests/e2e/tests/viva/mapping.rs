//! Owns the tests of the mapping screen, by keyboard alone: files whose columns nobody knows are named, looked at, opened,
//! remembered and forgotten; and of the editor's warning before questions are lost.

use std::fmt::Write as _;
use std::path::Path;

use viva_e2e::browser::{contains, css, label, role, text};
use viva_e2e::place::Scratch;
use viva_e2e::{Error, Result, run};

use crate::{Stage, choose_roles, ensure};

const ENGLISH: &str = "Code;They ask;Left;Middle;Far;Pick;Ward;Level of trust\n\
    e1;Which vessel carries blood from the lungs to the heart?;Aorta;Pulmonary vein;Vena cava;2;Heart;x\n\
    e2;Which vitamin lack causes scurvy?;Vitamin C;Vitamin D;Vitamin K;1;Diet;y\n\
    e3;Which organ makes insulin?;Liver;Spleen;Pancreas;3;Glands;z\n\
    e4;Which bone is the longest?;Femur;Tibia;Humerus;7;Bones;z\n";

/// What the tests choose for it.
const ENGLISH_ROLES: [(&str, &str); 8] = [
    ("Code", "Its number or id"),
    ("They ask", "The question"),
    ("Left", "Option A"),
    ("Middle", "Option B"),
    ("Far", "Option C"),
    ("Pick", "The right answer"),
    ("Ward", "Category"),
    ("Level of trust", "Not used"),
];

/// Puts the focus on a control by the Tab key, as somebody without a mouse must.
async fn tab_to(stage: &Stage, kind: &str, name: &str) -> Result<()> {
    let page = &stage.viva.page;
    for _ in 0..150 {
        if let Some(stop) = page.focused().await?
            && stop.role.eq_ignore_ascii_case(kind)
            && stop.name.contains(name)
        {
            return Ok(());
        }
        page.press("Tab").await?;
    }
    Err(Error::new(format!("the Tab key does not reach the {kind} {name:?}")))
}

/// Chooses what a column is, by the keys that a closed list understands.
async fn name_column(stage: &Stage, column: &str, wanted: &str) -> Result<()> {
    const CHOSEN: &str = "document.activeElement.selectedOptions[0].label.trim()";
    let page = &stage.viva.page;
    tab_to(stage, "combobox", &format!("“{column}”")).await?;
    if page.eval_text(CHOSEN).await? == wanted {
        return Ok(());
    }
    page.press("Home").await?;
    for _ in 0..40 {
        if page.eval_text(CHOSEN).await? == wanted {
            return Ok(());
        }
        page.press("ArrowDown").await?;
    }
    Err(Error::new(format!("the arrow keys do not reach {wanted:?} for {column:?}")))
}

/// Opens a file that is not known, and names its columns.
async fn name_columns(stage: &Stage, file: &Path, roles: &[(&str, &str)]) -> Result<()> {
    let viva = &stage.viva;
    viva.go("#/questions").await?;
    viva.page.set_files("main input[type=file]", &[file]).await?;
    viva.page.wait_text("This file was not recognised").await?;
    viva.page.focus("main input[type=file]").await?;
    for (column, wanted) in roles {
        name_column(stage, column, wanted).await?;
    }
    Ok(())
}

async fn use_columns(stage: &Stage) -> Result<()> {
    stage
        .viva
        .page
        .wait_until("[...document.querySelectorAll('button')].some(one => one.innerText === 'Use these columns' && !one.disabled)")
        .await?;
    tab_to(stage, "button", "Use these columns").await?;
    stage.viva.page.press("Enter").await
}

/// The first question of the set that is open, as the page shows it.
async fn first_question(stage: &Stage) -> Result<String> {
    stage.viva.page.click(text("See the first question")).await?;
    stage.viva.page.text(css("details[open]")).await
}

#[test]
fn a_table_with_odd_names_is_named_by_keyboard_and_opens_to_what_was_shown() {
    run(async {
        let scratch = Scratch::new("mapping")?;
        let file = scratch.write("ward.csv", ENGLISH)?;
        let stage = Stage::new().await?;
        let page = &stage.viva.page;
        name_columns(&stage, &file, &ENGLISH_ROLES).await?;
        page.wait_text("3 questions open, 1 row is refused").await?;
        let shown = page.texts(css("li .plain-options")).await?;
        let right = [
            "B Pulmonary vein — the right answer",
            "A Vitamin C — the right answer",
            "C Pancreas — the right answer",
        ];
        ensure(shown.len() == 3, &format!("{shown:?}"))?;
        for (shown, right) in shown.iter().zip(right) {
            ensure(shown.contains(right), shown)?;
            ensure(shown.matches("the right answer").count() == 1, shown)?;
        }
        page.wait_text("e1 · Heart").await?;
        page.click(text("1 row refused: where and why")).await?;
        let refused = page.text(css(".notice--warn")).await?;
        for part in ["Line 5", "item e4", "field Pick", "7"] {
            ensure(refused.contains(part), &refused)?;
        }
        page.focus(label("Kind of questions")).await?;
        use_columns(&stage).await?;
        page.wait_text("3 questions will be asked").await?;
        page.wait_text("3 questions · 1 entry not used").await?;
        page.wait_until("document.activeElement?.id === 'chosen-sets'").await?;
        let first = first_question(&stage).await?;
        ensure(first.contains("from the lungs"), &first)?;
        ensure(first.contains("Right answer in the file: B"), &first)?;
        stage.clean(&[])
    });
}

#[test]
fn spanish_lines_with_lists_and_texts_as_answers_are_named() {
    run(async {
        let scratch = Scratch::new("mapping-es")?;
        let lines = [
            r#"{"ficha":{"enunciado_es":"¿Qué órgano produce la bilis?","posibles":["Riñón","Hígado","Bazo"]},"buena":"Hígado","tema_es":"Digestivo"}"#,
            r#"{"ficha":{"enunciado_es":"¿Qué vaso lleva sangre al pulmón?","posibles":["Arteria pulmonar","Aorta"]},"buena":"Arteria pulmonar","tema_es":"Corazón"}"#,
            r#"{"ficha":{"enunciado_es":"¿Qué hueso es el más largo?","posibles":["Tibia","Fémur"]},"buena":"Radio","tema_es":"Huesos"}"#,
        ];
        let file = scratch.write("preguntas.jsonl", lines.join("\n"))?;
        let stage = Stage::new().await?;
        let page = &stage.viva.page;
        let roles = [
            ("ficha", "Not used"),
            ("ficha.enunciado_es", "The question"),
            ("ficha.posibles", "All options together"),
            ("buena", "The right answer"),
            ("tema_es", "Category"),
        ];
        name_columns(&stage, &file, &roles).await?;
        page.wait_text("2 questions open, 1 row is refused").await?;
        page.wait_text("B Hígado — the right answer").await?;
        page.click(text("1 row refused: where and why")).await?;
        let refused = page.text(css(".notice--warn")).await?;
        ensure(refused.contains("Line 3") && refused.contains("field buena"), &refused)?;
        page.focus(label("Kind of questions")).await?;
        use_columns(&stage).await?;
        page.wait_text("2 questions will be asked").await?;
        let first = first_question(&stage).await?;
        ensure(first.contains("bilis") && first.contains("in the file: B"), &first)?;
        stage.clean(&[])
    });
}

#[test]
fn a_workbook_of_numbers_with_a_tolerance_is_named() {
    run(async {
        let scratch = Scratch::new("mapping-xlsx")?;
        let rows = [
            ["Enunciado del caso", "Resultado", "Margen", "Medida"],
            ["Presión 120/60: ¿presión media?", "80", "2", "mmHg"],
            ["IMC de 80 kg y 2 m", "20", "5%", "kg/m2"],
            ["Sin resultado", "nada", "1", "x"],
        ];
        let file = scratch.write("calculos.xlsx", workbook(&rows))?;
        let stage = Stage::new().await?;
        let page = &stage.viva.page;
        let roles = [
            ("Enunciado del caso", "The question"),
            ("Resultado", "The right answer"),
            ("Margen", "How far off an answer may be"),
            ("Medida", "The unit"),
        ];
        name_columns(&stage, &file, &roles).await?;
        page.focus(label("Kind of questions")).await?;
        page.choose(label("Kind of questions"), "A number").await?;
        page.wait_text("2 questions open, 1 row is refused").await?;
        let shown = page.texts(css("[id^=mapping-count] ~ div li")).await?.join(" ");
        ensure(shown.contains("80") && shown.contains("78") && shown.contains("mmHg"), &shown)?;
        page.focus(label("Kind of questions")).await?;
        use_columns(&stage).await?;
        page.wait_text("2 questions will be asked").await?;
        stage.clean(&[])
    });
}

#[test]
fn a_bad_choice_tells_what_is_wrong_and_opens_nothing() {
    run(async {
        let scratch = Scratch::new("mapping-bad")?;
        let file = scratch.write("ward.csv", ENGLISH)?;
        let stage = Stage::new().await?;
        let page = &stage.viva.page;
        name_columns(&stage, &file, &[("They ask", "Not used")]).await?;
        page.wait_text("No column is the question. Choose one.").await?;
        let held = "[...document.querySelectorAll('button')].find(one => one.innerText === 'Use these columns').disabled";
        ensure(page.eval(held).await? == true, "nothing opens without a question")?;
        page.focus("main input[type=file]").await?;
        for (column, wanted) in ENGLISH_ROLES {
            name_column(&stage, column, wanted).await?;
        }
        // The wards are no options.
        page.focus("main input[type=file]").await?;
        name_column(&stage, "Pick", "Not used").await?;
        name_column(&stage, "Ward", "The right answer").await?;
        page.wait_text("No question opens so").await?;
        let refused = page.text(css(".notice--warn")).await?;
        for line in 2..=5 {
            ensure(refused.contains(&format!("Line {line}")), &refused)?;
        }
        ensure(refused.contains("field Ward") && refused.contains("Heart"), &refused)?;
        ensure(page.eval(held).await? == true, "nothing opens that has no question")?;
        page.click(role("button", contains("Close without opening ward.csv"))).await?;
        page.wait_gone(text("What would open")).await?;
        page.wait_text("No questions yet").await?;
        stage.clean(&[])
    });
}

#[test]
fn the_choice_is_proposed_again_after_a_reload_and_can_be_forgotten() {
    run(async {
        let scratch = Scratch::new("mapping-kept")?;
        let file = scratch.write("ward.csv", ENGLISH)?;
        let other = ENGLISH.lines().take(3).collect::<Vec<_>>().join("\n");
        let other = scratch.write("another-ward.csv", other)?;
        let stage = Stage::new().await?;
        let viva = &stage.viva;
        let page = &viva.page;
        name_columns(&stage, &file, &ENGLISH_ROLES).await?;
        use_columns(&stage).await?;
        page.wait_text("3 questions will be asked").await?;
        viva.go("#/settings").await?;
        page.wait_text("Which column is what, for 1 kind of file.").await?;
        // Neither the names of columns nor a word of the file is in the browser's database.
        let databases = page.databases().await?.to_string();
        for word in ["They ask", "scurvy", "ward.csv", "Pancreas"] {
            ensure(!databases.contains(word), word)?;
        }
        viva.reload().await?;
        viva.go("#/questions").await?;
        page.set_files("main input[type=file]", &[&other]).await?;
        page.wait_text("Chosen as last time").await?;
        page.wait_text("2 questions open, and no row is refused").await?;
        ensure(page.value(label("Column “Pick”")).await? == "answer", "as last time")?;
        ensure(page.value(label("Column “Level of trust”")).await? == "ignore", "as last time")?;
        use_columns(&stage).await?;
        page.wait_text("2 questions will be asked").await?;
        viva.go("#/settings").await?;
        page.click(role("button", contains("Forget choices of columns"))).await?;
        page.click(role("button", "Yes, delete")).await?;
        page.wait_text("Nothing is kept now").await?;
        viva.go("#/questions").await?;
        page.set_files("main input[type=file]", &[&file]).await?;
        page.wait_text("This file was not recognised").await?;
        ensure(!page.visible_text().await?.contains("as last time"), "it is forgotten")?;
        stage.clean(&[])
    });
}

#[test]
fn a_file_that_is_known_can_be_named_otherwise_and_that_is_proposed_too() {
    run(async {
        let scratch = Scratch::new("mapping-known")?;
        let known = "question,A,B,answer,second_opinion\nWhich?,one,two,A,B\nWhat?,one,two,A,B\n";
        let file = scratch.write("known.csv", known)?;
        let stage = Stage::new().await?;
        let viva = &stage.viva;
        let page = &viva.page;
        viva.open_questions(&[&file], "2").await?;
        page.focus(role("button", contains("Choose its columns yourself: known"))).await?;
        page.press("Enter").await?;
        page.wait_text("This file opened as it is").await?;
        page.wait_until("document.activeElement?.id.startsWith('mapping-')").await?;
        name_column(&stage, "answer", "Not used").await?;
        name_column(&stage, "second_opinion", "The right answer").await?;
        page.wait_text("B two — the right answer").await?;
        use_columns(&stage).await?;
        page.wait_gone(text("What would open")).await?;
        page.wait_text("2 questions will be asked").await?;
        let first = first_question(&stage).await?;
        ensure(first.contains("in the file: B"), &first)?;
        ensure(page.count(css("main h3")).await? == 1, "it took the place of the first set")?;
        viva.reload().await?;
        viva.open_questions(&[&file], "2").await?;
        page.wait_text("Chosen as last time").await?;
        page.wait_text("B two — the right answer").await?;
        page.click(role("button", "Forget that choice")).await?;
        page.wait_gone(text("Chosen as last time, for a file with the same columns.")).await?;
        stage.clean(&[])
    });
}

#[test]
fn a_large_file_leaves_the_page_alive_while_it_is_looked_at() {
    run(async {
        let scratch = Scratch::new("mapping-large")?;
        let mut rows = String::from("They ask;Left;Middle;Pick\n");
        for n in 0..20_000 {
            let pick = if n % 100 == 99 { 'X' } else { ['a', 'b'][n % 2] };
            let filling =
                "A person comes with a complaint that has lasted for some days. ".repeat(8);
            writeln!(rows, "{filling}Case {n}: what is next?;Wait;Test;{pick}")
                .map_err(|error| Error::new(error.to_string()))?;
        }
        let file = scratch.write("large.csv", rows)?;
        let stage = Stage::new().await?;
        let viva = &stage.viva;
        let page = &viva.page;
        viva.go("#/questions").await?;
        page.set_files("main input[type=file]", &[&file]).await?;
        page.wait_text("This file was not recognised").await?;
        page.eval(
            "window.longest = 0; window.last = performance.now(); window.watch = setInterval(() => {
                const now = performance.now(); longest = Math.max(longest, now - last); last = now; }, 10)",
        )
        .await?;
        let roles = [
            ("They ask", "The question"),
            ("Left", "Option A"),
            ("Middle", "Option B"),
            ("Pick", "Not used"),
            ("Pick", "The right answer"),
        ];
        choose_roles(page, &roles).await?;
        page.wait_text("19,800 questions open, 200 rows are refused").await?;
        page.click(text("200 rows refused: where and why")).await?;
        page.wait_text("… and 180 more.").await?;
        let longest = page.eval("clearInterval(watch), longest").await?;
        let longest = longest.as_f64().unwrap_or(f64::INFINITY);
        // The machine of the tests is shared; reading the file where the page lives takes far longer than this.
        ensure(longest < 250.0, &format!("the page stood still for {longest:.0} ms"))?;
        page.click(role("button", "Use these columns")).await?;
        page.wait_text("500 questions will be asked").await?;
        page.wait_text("19,800 questions · 200 entries not used").await?;
        stage.clean(&[])
    });
}

#[test]
fn unsaved_questions_are_warned_of_before_they_are_lost() {
    run(async {
        let scratch = Scratch::new("editing")?;
        let csv = "question,A,B,answer\nWhich?,one,two,A\nWhat?,one,two,Z\n";
        let file = scratch.write("own.csv", csv)?;
        let stage = Stage::new().await?;
        let viva = &stage.viva;
        let page = &viva.page;
        viva.go("#/editor").await?;
        page.wait_for(role("button", "Add a question")).await?;
        page.set_files("main input[type=file]", &[&file]).await?;
        page.wait_text("1 question").await?;
        page.wait_text("Left out: Line 3").await?;
        viva.go("#/models").await?;
        ensure(!page.shows("#unsaved").await?, "what is in a file is not warned of")?;
        viva.go("#/editor").await?;
        page.click(role("button", "Add a question")).await?;
        page.fill(label("Question"), "Which third one?").await?;
        viva.go("#/models").await?;
        page.wait_text("Your questions in the editor are not saved in a file").await?;
        page.click("body").await?;
        let n_before = page.log().dialogs.len();
        viva.reload().await?;
        let n_asked = page.log().dialogs.len() - n_before;
        ensure(n_asked == 1, &format!("the browser asked {n_asked} times before it left"))?;
        // Saved, it may be left.
        viva.go("#/editor").await?;
        page.click(role("button", "Add a question")).await?;
        page.fill(label("Question"), "Which one?").await?;
        let saved = page.download(page.click(role("button", "Save as a file"))).await?.text()?;
        ensure(saved.contains("Which one?"), &saved)?;
        viva.go("#/models").await?;
        ensure(!page.shows("#unsaved").await?, "it is saved")?;
        let n_before = page.log().dialogs.len();
        viva.reload().await?;
        ensure(page.log().dialogs.len() == n_before, "nothing is at stake")?;
        // A file that takes the place of questions can be undone.
        viva.go("#/editor").await?;
        page.click(role("button", "Add a question")).await?;
        page.fill(label("Question"), "Is it kept?").await?;
        page.set_files("main input[type=file]", &[&file]).await?;
        page.wait_text("Left out: Line 3").await?;
        ensure(!page.visible_text().await?.contains("Is it kept?"), "the file took its place")?;
        page.click(role("button", "Undo")).await?;
        page.wait_text("Is it kept?").await?;
        stage.clean(&[])
    });
}

/// A workbook with one sheet: an archive that is not compressed, and texts within the cells.
fn workbook(rows: &[[&str; 4]]) -> Vec<u8> {
    let cell = |row: usize, letter: char, text: &str| match text.parse::<f64>() {
        Ok(number) => format!(r#"<c r="{letter}{row}"><v>{number}</v></c>"#),
        Err(_) => {
            format!(r#"<c r="{letter}{row}" t="inlineStr"><is><t>{text}</t></is></c>"#)
        }
    };
    let rows = rows.iter().enumerate().map(|(idx, texts)| {
        let cells = ['A', 'B', 'C', 'D'].into_iter().zip(texts);
        let cells: Vec<String> = cells.map(|(letter, text)| cell(idx + 1, letter, text)).collect();
        format!("<row>{}</row>", cells.concat())
    });
    let sheet = format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>"#,
        rows.collect::<String>()
    );
    let book = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Hoja" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    let relations = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    zip(&[
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", relations),
        ("xl/worksheets/sheet1.xml", &sheet),
    ])
}

/// An archive of files as they are, without compression (APPNOTE 6.3.10, sections 4.3.7 to 4.3.16).
fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    let u16s = |numbers: &[u16]| numbers.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>();
    let u32s = |numbers: &[u32]| numbers.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>();
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    for (name, content) in files {
        let at = length(&bytes);
        let size = length(content.as_bytes());
        let name_size = u16::try_from(name.len()).unwrap_or(u16::MAX);
        let mut about = u16s(&[20, 0, 0, 0, 0x21]);
        about.extend(u32s(&[crc32(content.as_bytes()), size, size]));
        about.extend(u16s(&[name_size, 0]));
        bytes.extend(u32s(&[0x0403_4b50]));
        bytes.extend(&about);
        bytes.extend(name.as_bytes());
        bytes.extend(content.as_bytes());
        directory.extend(u32s(&[0x0201_4b50]));
        directory.extend(u16s(&[20]));
        directory.extend(&about);
        directory.extend(u16s(&[0, 0, 0]));
        directory.extend(u32s(&[0, at]));
        directory.extend(name.as_bytes());
    }
    let n_files = u16::try_from(files.len()).unwrap_or(u16::MAX);
    let at = length(&bytes);
    bytes.extend(&directory);
    bytes.extend(u32s(&[0x0605_4b50]));
    bytes.extend(u16s(&[0, 0, n_files, n_files]));
    bytes.extend(u32s(&[length(&directory), at]));
    bytes.extend(u16s(&[0]));
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    let byte = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc));
    !bytes.iter().fold(!0, byte)
}
