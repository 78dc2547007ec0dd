//! Proof again of everything that the engine infers: the feature `audit`.
//!
//! After each step of propagation every new entry of the trail is looked at. Its reason must have
//! held before it, and reason, constraint and the negation of the conclusion must exclude each
//! other; so must what conflict analysis was told, which may be weaker. A judge knows the
//! constraint's [`Declaration`](crate::Declaration), the bounds of the root and the reason, and
//! nothing of the propagator. A learned clause must follow from the reasons that taught it by unit
//! propagation; a clause that came without reasons, from the constraints themselves.
//!
//! What is not proved is a [`Finding`]. By default the first one panics, so that any test that runs
//! an engine is a test of its propagators; [`Audit::collect`] gathers them instead.
//!
//! **Source:** Pumpkin's checkers of inferences (Emir Demirović et al.); Allen Van Gelder,
//! *Verifying RUP proofs of propositional unsatisfiability* (2008).

mod general;
mod judge;
mod learned;
mod machine;
mod nogood;
mod resource;
mod scheduling;
mod space;
mod tour;

use crate::atom::{Atom, Value};
use crate::declaration::Declaration;
use crate::engine::Engine;
use crate::trail::{Clash, Position, Reason, Trail};
use judge::Verdict;
use rustc_hash::FxHashSet;
use space::{Empty, Scope, Space};
use std::fmt;
use std::sync::Arc;

/// Splits that a judge may try for one inference.
const WORK_MAX: u64 = 20_000;

/// Findings that are kept; more are only counted.
const FINDINGS_MAX: usize = 100;

/// Proved inferences that are remembered, so that none is proved twice in a row.
const MEMORY_MAX: usize = 1 << 18;

/// What is wrong with an inference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A premise did not hold before the conclusion.
    Untimely,
    /// The constraint has a solution with the premises and without the conclusion.
    Wrong,
    /// The judge gave up.
    Unproved,
    /// A learned clause does not follow.
    NotImplied,
}

/// An inference that is not proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub fault: Fault,
    /// Name of the constraint and its number.
    pub constraint: String,
    /// The reason.
    pub premises: Vec<String>,
    /// What was concluded from it.
    pub conclusion: String,
    /// What the judge has to say: a counterexample, a premise that did not hold.
    pub remark: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fault = match self.fault {
            Fault::Untimely => "a premise did not hold before the conclusion",
            Fault::Wrong => "the premises do not imply the conclusion",
            Fault::Unproved => "the judge gave up",
            Fault::NotImplied => "the learned clause does not follow",
        };
        let Finding { constraint, premises, conclusion, remark, .. } = self;
        write!(out, "{constraint}: {fault}: {} => {conclusion}", premises.join(" and "))?;
        if remark.is_empty() { Ok(()) } else { write!(out, " ({remark})") }
    }
}

/// Counts, and what was found.
impl fmt::Display for Audit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (inferences, clauses) = (self.inferences_total, self.clauses_total);
        write!(out, "{inferences} inferences and {clauses} learned clauses judged, ")?;
        write!(out, "{} of them by search; ", self.searches_total)?;
        write!(
            out,
            "{} findings, judges gave up {} times",
            self.findings_total, self.unproved_total
        )?;
        self.findings.iter().try_for_each(|finding| write!(out, "\n{finding}"))
    }
}

/// Who made an inference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Author {
    Propagator(u32),
    Arc(u32),
    Clause(u32),
}

/// An implication that took part in a conflict; `None` concludes that the premises fail.
#[derive(Clone, Debug)]
struct Implication {
    premises: Vec<Atom>,
    conclusion: Option<Atom>,
}

/// A propagator as the audit knows it.
#[derive(Clone, Debug)]
struct Constraint {
    name: &'static str,
    declaration: Arc<Declaration>,
    scope: Arc<Scope>,
}

/// The audit of one engine.
#[derive(Debug)]
pub struct Audit {
    enabled: bool,
    panics: bool,
    findings: Vec<Finding>,
    constraints: Vec<Constraint>,
    proved: FxHashSet<(u32, Vec<Atom>, Atom)>,
    implications: Vec<Implication>,
    copy: Option<nogood::Copy>,
    /// Inferences that were judged, ever.
    pub inferences_total: u64,
    /// Learned clauses that were judged, ever.
    pub clauses_total: u64,
    /// Clauses among them that took a search.
    pub searches_total: u64,
    /// Findings, those included that are not kept.
    pub findings_total: u64,
    /// Findings where a judge gave up.
    pub unproved_total: u64,
}

impl Default for Audit {
    fn default() -> Self {
        Audit {
            enabled: true,
            panics: true,
            findings: Vec::new(),
            constraints: Vec::new(),
            proved: FxHashSet::default(),
            implications: Vec::new(),
            copy: None,
            inferences_total: 0,
            clauses_total: 0,
            searches_total: 0,
            findings_total: 0,
            unproved_total: 0,
        }
    }
}

impl Audit {
    /// Findings are gathered and nothing panics.
    pub fn collect(&mut self) {
        self.panics = false;
    }

    /// Nothing is judged any more.
    pub fn disable(&mut self) {
        self.enabled = false;
    }

    /// What was found so far.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// # Panics
    /// When there are findings, with their text.
    pub fn assert_clean(&self) {
        let lines: Vec<String> = self.findings.iter().map(ToString::to_string).collect();
        assert!(lines.is_empty(), "{} findings:\n{}", self.findings_total, lines.join("\n"));
    }

    fn find(&mut self, finding: Finding) {
        self.findings_total += 1;
        self.unproved_total += u64::from(finding.fault == Fault::Unproved);
        // A judge that gave up is reported at the end: it accuses nobody.
        assert!(!self.panics || finding.fault == Fault::Unproved, "{finding}");
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(finding);
        }
    }
}

fn readable(atom: Atom) -> String {
    format!("{atom:?}")
}

fn readable_values(values: &[(u32, Value)]) -> String {
    let pairs = values.iter().filter(|(variable, _)| *variable != 0);
    let texts: Vec<String> =
        pairs.map(|(variable, value)| format!("x{variable} = {value}")).collect();
    format!("counterexample: {}", texts.join(", "))
}

/// What is to be proved: before `position`, `premises` held and imply `conclusion`.
struct Claim<'a> {
    author: Author,
    premises: &'a [Atom],
    conclusion: Atom,
    position: Position,
}

impl Engine {
    /// The audit: what was found, and how it reports.
    pub fn audit(&self) -> std::cell::RefMut<'_, Audit> {
        self.audit.borrow_mut()
    }

    /// A propagator was posted.
    pub(crate) fn audit_post(&self, name: &'static str, declaration: Declaration) {
        let scope = Arc::new(Scope::of(&declaration, &self.trail));
        let constraint = Constraint { name, declaration: Arc::new(declaration), scope };
        self.audit.borrow_mut().constraints.push(constraint);
    }

    /// Judges what a step of propagation inferred since `since`; `propagator` made the step, or
    /// clauses and arcs did; `failed` says whether it ended in a clash.
    pub(crate) fn audit_step(&self, since: Position, propagator: Option<u32>, failed: bool) {
        if !self.audit.borrow().enabled {
            return;
        }
        for position in since..self.trail.position() {
            let entry = self.trail.entries[position as usize];
            let atom = entry.side.at_least(entry.value);
            let (author, noted) = self.author(entry.reason, propagator);
            let Some(author) = author else { continue };
            let mut premises = Vec::new();
            if noted {
                self.explain(atom, entry.reason, position, &mut premises);
            } else {
                self.know_before(author, entry.reason, position, &mut premises);
            }
            self.judge(&Claim { author, premises: &premises, conclusion: atom, position });
        }
        if failed {
            self.audit_clash(propagator);
        }
    }

    fn audit_clash(&self, propagator: Option<u32>) {
        let reason = match self.trail.clash {
            Clash::Bound(emptied) => emptied.reason,
            Clash::Reason(reason) => reason,
        };
        let (author, noted) = self.author(reason, propagator);
        let Some(author) = author else { return };
        let position = self.trail.position();
        let mut premises = Vec::new();
        if noted {
            self.conflict(&mut premises);
        } else {
            self.know_before(author, reason, position, &mut premises);
            if let Clash::Bound(emptied) = self.trail.clash {
                let present = self.trail.presence(emptied.atom.side);
                premises.extend([!emptied.atom, present]);
            }
        }
        let conclusion = Atom::FALSE;
        self.judge(&Claim { author, premises: &premises, conclusion, position });
    }

    /// Judges what was said when somebody asked why `atom` held, which became true at `position`.
    pub(crate) fn audit_explanation(
        &self,
        atom: Atom,
        reason: Reason,
        position: Position,
        premises: &[Atom],
    ) {
        if !self.audit.borrow().enabled {
            return;
        }
        let implication = Implication { premises: premises.to_vec(), conclusion: Some(atom) };
        self.audit.borrow_mut().implications.push(implication);
        // What was written down at once was judged when it was made.
        if let (Some(author), true) = self.author(reason, None) {
            self.judge(&Claim { author, premises, conclusion: atom, position });
        }
    }

    /// Who set something for this reason, in a step of `propagator`, and whether it will say why.
    fn author(&self, reason: Reason, propagator: Option<u32>) -> (Option<Author>, bool) {
        let stepping = propagator.map(Author::Propagator);
        match reason {
            Reason::Decision => (None, true),
            Reason::Clause(clause) => (Some(Author::Clause(clause)), true),
            Reason::Arc(arc) | Reason::ArcRefuted(arc) => (Some(Author::Arc(arc)), true),
            // A search that does not learn keeps no notes.
            Reason::Lazy { propagator, .. } => {
                (Some(Author::Propagator(propagator)), self.trail.explaining)
            }
            Reason::Stored { .. } => (stepping, true),
            Reason::Emptied(index) => {
                self.author(self.trail.emptied[index as usize].reason, propagator)
            }
            Reason::Unexplained => (stepping, false),
        }
    }

    /// Judges the conflict that analysis begins with; it forgets the last one.
    pub(crate) fn audit_conflict(&self, premises: &[Atom]) {
        let mut audit = self.audit.borrow_mut();
        audit.implications.clear();
        audit.implications.push(Implication { premises: premises.to_vec(), conclusion: None });
    }

    /// All that an author knew before a position, and the bound that was passed, if one was.
    fn know_before(&self, author: Author, reason: Reason, position: Position, out: &mut Vec<Atom>) {
        let past = self.trail.before(position);
        let scope = self.audited(author).scope;
        out.extend(scope.sides().map(|side| side.at_least(past.bound(side))));
        if let Reason::Emptied(index) = reason {
            out.push(!self.trail.emptied[index as usize].atom);
        }
    }

    fn audited(&self, author: Author) -> Constraint {
        let (name, declaration) = match author {
            Author::Propagator(index) => {
                return self.audit.borrow().constraints[index as usize].clone();
            }
            Author::Arc(arc) => ("arc", self.graph.declaration(arc)),
            Author::Clause(clause) => {
                ("clause", Declaration::Clause(self.clauses.atoms(clause).to_vec()))
            }
        };
        let scope = Arc::new(Scope::of(&declaration, &self.trail));
        Constraint { name, declaration: Arc::new(declaration), scope }
    }

    fn judge(&self, claim: &Claim<'_>) {
        self.audit.borrow_mut().inferences_total += 1;
        let constraint = self.audited(claim.author);
        if let Some(late) = untimely(claim, &self.trail) {
            self.report(claim, constraint.name, Fault::Untimely, late);
            return;
        }
        let key = claim.key();
        if key.as_ref().is_some_and(|key| self.audit.borrow().proved.contains(key)) {
            return;
        }
        match prove(&constraint, claim, &self.trail) {
            Verdict::Proved => {
                let proved = &mut self.audit.borrow_mut().proved;
                if proved.len() >= MEMORY_MAX {
                    proved.clear();
                }
                proved.extend(key);
            }
            Verdict::GaveUp => {
                self.report(claim, constraint.name, Fault::Unproved, String::new());
            }
            Verdict::Counterexample(values) => {
                self.report(claim, constraint.name, Fault::Wrong, readable_values(&values));
            }
        }
    }

    fn report(&self, claim: &Claim<'_>, name: &str, fault: Fault, remark: String) {
        let (Author::Propagator(number) | Author::Arc(number) | Author::Clause(number)) =
            claim.author;
        let constraint = format!("{name} {number}");
        let premises = claim.premises.iter().copied().map(readable).collect();
        let conclusion = readable(claim.conclusion);
        let finding = Finding { fault, constraint, premises, conclusion, remark };
        self.audit.borrow_mut().find(finding);
    }
}

impl Claim<'_> {
    /// What is remembered of it once it is proved. Clauses and arcs are judged at a glance, and
    /// numbers of clauses change their owners.
    fn key(&self) -> Option<(u32, Vec<Atom>, Atom)> {
        let Author::Propagator(number) = self.author else { return None };
        let mut premises = self.premises.to_vec();
        premises.sort_unstable();
        premises.dedup();
        Some((number, premises, self.conclusion))
    }
}

/// A premise that did not hold before the conclusion, in words.
fn untimely(claim: &Claim<'_>, trail: &Trail) -> Option<String> {
    let past = trail.before(claim.position);
    let late = claim.premises.iter().find(|&&premise| !past.is_true(premise))?;
    Some(format!("{} did not hold", readable(*late)))
}

/// Whether the constraint and the premises imply the conclusion.
fn prove(constraint: &Constraint, claim: &Claim<'_>, trail: &Trail) -> Verdict {
    let Constraint { declaration, scope, .. } = constraint;
    let mut space = Space::at_root(Arc::clone(scope), trail, claim.position);
    match suppose(claim, &mut space) {
        Ok(()) => judge::search(declaration, space, &mut { WORK_MAX }),
        Err(Empty) => Verdict::Proved,
    }
}

/// Takes the premises and the negation of the conclusion in.
///
/// What the constraint does not speak of neither helps nor can be concluded.
fn suppose(claim: &Claim<'_>, space: &mut Space) -> Result<(), Empty> {
    for &premise in claim.premises {
        if space.knows(premise) {
            space.suppose(premise)?;
        }
    }
    if space.knows(claim.conclusion) && claim.conclusion != Atom::FALSE {
        space.suppose_not(claim.conclusion)?;
    }
    Ok(())
}
