//! Replies of models, and what is no program.
//!
//! **Source:** -

use ordine_discover::{Candidate, Rejection, replies, signature_named};
use ordine_rule_language::Limits;

#[test]
fn forty_stored_replies_are_parsed_or_classified() {
    let (wrong, count) = replies::misread();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(count, 40);
}

#[test]
fn what_is_no_program_is_told_apart_from_what_reads_too_much() {
    let signature = signature_named("single_machine").expect("a signature");
    let read = |text: &str| Candidate::read(text, signature, Limits::default());
    assert!(matches!(read("max(t + p,"), Err(Rejection::Syntax(_))));
    assert!(matches!(read("undefined_name * p"), Err(Rejection::Type(_))));
    assert!(read("max(t + p, d)").is_ok());
}
