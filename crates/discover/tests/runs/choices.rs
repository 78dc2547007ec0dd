//! Candidates among which a person picks.
//!
//! **Source:** -

use super::{arena, harness, settings};
use ordine_discover::{Choice, Event, Genetic, Report, Run, Settings, Stage, Verdict, choices};

fn beats(choice: &Choice, loss: f64, nodes: usize, work: u64) -> bool {
    choice.loss <= loss && choice.nodes <= nodes && choice.work <= work
}

#[test]
fn no_choice_is_beaten_and_every_candidate_is_beaten_or_equaled_by_one() {
    let (arena, folder) = (arena(), tempfile::tempdir().expect("a folder"));
    let harness = harness(&arena);
    let settings = Settings { seeds: vec!["edd".to_owned()], ..settings() };
    let run = Run::open(&harness, settings.clone(), folder.path(), 1).expect("new");
    let ended = run.go(&mut Genetic, &mut (), &mut |_| false).expect("no fault");
    let found = choices(&harness, &ended.events).expect("no fault");
    assert!(found.len() >= 3, "{found:?}");
    for choice in &found {
        let others = found.iter().filter(|it| it.number != choice.number);
        let mut beating = others.filter(|it| beats(it, choice.loss, choice.nodes, choice.work));
        assert_eq!(beating.next(), None, "{choice:?}");
    }
    for event in &ended.events {
        let Event::Candidate(record) = event else { continue };
        let (Verdict::Ok, Stage::Train, Some(loss)) = (record.verdict, record.stage, record.loss)
        else {
            continue;
        };
        let is_beaten = |it: &Choice| beats(it, loss + 1e-12, record.nodes, record.work);
        assert!(found.iter().any(is_beaten), "{record:?}");
    }
    let best = ended.islands.best.as_ref().expect("a best member");
    assert_eq!(found[0].number, best.number);
    let report = Report::new(&harness, &settings, &ended).expect("no fault");
    let (page, last) = (report.html(), found.last().expect("a choice"));
    assert!(page.contains("<h2>Choices</h2>") && page.contains(&format!("#{}<", last.number)));
    assert!(report.json().contains("\"choices\""));
    // What a person vetoes is no choice any more.
    let (action, words) = ("veto".to_owned(), "too long".to_owned());
    let mut events = ended.events.clone();
    events.push(Event::Intervention { number: best.number, action, words });
    let found = choices(&harness, &events).expect("no fault");
    assert!(!found.is_empty() && found.iter().all(|it| it.number != best.number));
}
