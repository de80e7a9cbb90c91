//! Owns the tests of the ledger's figures.

use super::*;

fn line(session: &str, number: u32, at_millis: u64, origin: &str, run: Option<&str>) -> Line {
    Line {
        session: session.to_owned(),
        number,
        at_millis,
        origin: origin.to_owned(),
        path: "/v1/chat/completions".to_owned(),
        method: "POST".to_owned(),
        purpose: Purpose::Question,
        run_id: run.map(str::to_owned),
        bytes_out: 100,
        bytes_in: 20,
        end: End::Answered { status: 200 },
        took_millis: Some(12),
    }
}

#[test]
fn a_place_is_an_origin_and_a_path_without_its_query() {
    for (url, expected) in [
        ("https://A.example/v1/x?key=secret#s", Some(("https://a.example", "/v1/x"))),
        ("http://localhost:11434", Some(("http://localhost:11434", "/"))),
        ("https://a.example?key=secret", Some(("https://a.example", "/"))),
        ("https://a.example:443/", Some(("https://a.example", "/"))),
        ("https://user@a.example/", None),
        ("/own/file", None),
        ("data:text/plain,x", None),
    ] {
        let found = place_of(url);
        let found = found.as_ref().map(|(origin, path)| (origin.as_str(), path.as_str()));
        assert_eq!(found, expected, "{url}");
    }
}

#[test]
fn a_line_that_knows_the_end_takes_the_place_of_one_that_does_not() {
    let begun =
        Line { end: End::Open, took_millis: None, bytes_in: 0, ..line("b", 1, 5, "x", None) };
    let ended = line("b", 1, 5, "x", None);
    let other = line("a", 1, 3, "x", None);
    let never_ended = Line { number: 2, at_millis: 6, ..begun.clone() };
    let expected = [other.clone(), ended.clone(), never_ended.clone()];
    let lines = in_order([begun.clone(), never_ended.clone(), ended.clone(), other.clone()]);
    assert_eq!(lines, expected);
    assert_eq!(in_order([ended, other, never_ended, begun]), expected);
}

#[test]
fn totals_add_up_per_host_and_per_run() {
    let lines = [
        line("a", 1, 1, "https://one.example", Some("r1")),
        line("a", 2, 2, "https://two.example", Some("r1")),
        Line {
            end: End::Broken { status: None, message: "Failed to fetch".to_owned() },
            bytes_in: 0,
            ..line("a", 3, 3, "https://one.example", Some("r2"))
        },
        Line { end: End::CalledOff, ..line("a", 4, 4, "https://one.example", None) },
        Line { end: End::Open, ..line("a", 5, 5, "https://one.example", None) },
    ];
    let hosts = totals_per_host(&lines);
    let names: Vec<&str> = hosts.iter().map(|(host, _)| host.as_str()).collect();
    assert_eq!(names, ["https://one.example", "https://two.example"]);
    let one = hosts[0].1;
    assert_eq!((one.n_requests, one.n_answered, one.n_broken, one.n_open), (4, 1, 2, 1));
    assert_eq!((one.bytes_out, one.bytes_in), (400, 60));
    let runs = totals_per_run(&lines);
    let names: Vec<Option<&str>> = runs.iter().map(|(run, _)| run.as_deref()).collect();
    assert_eq!(names, [None, Some("r2"), Some("r1")]);
    assert_eq!(runs.iter().map(|(_, totals)| totals.n_requests).sum::<usize>(), lines.len());
    assert_eq!(filtered(&lines, &RunFilter::Run("r1".to_owned())), [0, 1]);
    assert_eq!(filtered(&lines, &RunFilter::NoRun), [3, 4]);
    assert_eq!(filtered(&lines, &RunFilter::All).len(), 5);
}

#[test]
fn the_table_names_times_in_utc_and_holds_no_formula() {
    let mut lines = vec![line("a", 1, 1_795_442_709_123, "https://one.example", Some("=run"))];
    lines[0].end = End::Broken { status: Some(200), message: "reset, \"early\"".to_owned() };
    assert_eq!(
        ledger_csv(&lines),
        "time_utc,tab,number,host,method,path,purpose,run,bytes_out,bytes_in,end,milliseconds\r\n\
         2026-11-23T14:05:09.123Z,a,1,https://one.example,POST,/v1/chat/completions,question,'=run,\
         100,20,\"HTTP 200, then broken: reset, \"\"early\"\"\",12\r\n"
    );
}

#[test]
fn dates_are_right_across_leap_years() {
    for (millis, expected) in [
        (0, "1970-01-01T00:00:00.000Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
        (1_709_251_200_000, "2024-03-01T00:00:00.000Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
    ] {
        assert_eq!(utc(millis), expected);
    }
}

#[test]
fn a_line_survives_its_stored_form() {
    let line = Line {
        end: End::Broken { status: None, message: "m".to_owned() },
        run_id: None,
        took_millis: None,
        ..line("a", 1, 1, "https://one.example", None)
    };
    let json = serde_json::to_string(&line).unwrap();
    assert_eq!(serde_json::from_str::<Line>(&json).unwrap(), line);
}
