//! Genetic programming: trees by ramped growth, exchanged and new subtrees, changed constants.
//!
//! A batch is a generation of all islands. Parents win tournaments; what is too large is made
//! again.
//!
//! **Source:** Koza 1992; Poli, Langdon, McPhee 2008 (ramped half-and-half, size limits).

use super::{Batch, Context, Proposal, Propose, seeds};
use crate::select::{drawn, pool};
use crate::tune::three_digits;
use crate::{DiscoverError, Island, Language, Member, Selection};
use ordine_base::Stream;
use ordine_rule_language::{Binary, Field, Limits, RuleText, Tree, Unary, canonical};

/// How often a child that is too large is made again.
const TRIES: usize = 8;

/// The offline source of candidates.
#[derive(Clone, Copy, Debug, Default)]
pub struct Genetic;

impl Propose for Genetic {
    fn propose(&mut self, context: &Context<'_>) -> Result<Batch, DiscoverError> {
        if context.signature.language == Language::Script {
            let words = "genetic programming makes expressions, no scripts: take a language model";
            return Err(DiscoverError::Proposer(words.to_owned()));
        }
        let first = context.batch == 0;
        let mut proposals = if first { seeds(context)? } else { Vec::new() };
        let elites = if first { 0 } else { context.settings.genetic.elites };
        let each = context.settings.population.saturating_sub(elites).max(1);
        for island in 0..context.settings.islands {
            let home = &context.islands.islands[island];
            let trees = parents(home, context.settings.selection, context.limits);
            for number in 0..each {
                let stream = context.seed(proposals.len()).stream("genetic");
                let mut breeder = Breeder { context, stream };
                let proposal = if trees.len() < 2 {
                    let depth = 2 + number % context.settings.genetic.random_depth;
                    let tree = breeder.random_tree(depth, number % 2 == 0);
                    breeder.proposal(island, "random", Vec::new(), &tree)
                } else {
                    breeder.child(island, &trees)
                };
                proposals.push(proposal);
            }
        }
        Ok(Batch { proposals, calls: Vec::new() })
    }
}

/// A member as a tree.
type Parent<'a> = (&'a Member, Tree);

fn parents(island: &Island, selection: Selection, limits: Limits) -> Vec<Parent<'_>> {
    let mut parents = Vec::new();
    for member in pool(island, selection) {
        let read = RuleText::read(&member.text, limits).ok();
        parents.extend(read.and_then(|it| it.levels().first().map(|it| (member, it.clone()))));
    }
    parents
}

struct Breeder<'a> {
    context: &'a Context<'a>,
    stream: Stream,
}

impl Breeder<'_> {
    fn proposal(&self, island: usize, operator: &str, parents: Vec<u64>, tree: &Tree) -> Proposal {
        let text = RuleText::of(canonical(tree)).to_string();
        Proposal { island: Some(island), operator: operator.to_owned(), parents, text }
    }

    fn child(&mut self, island: usize, trees: &[Parent<'_>]) -> Proposal {
        let genetic = &self.context.settings.genetic;
        let (crossover, mutation) = (genetic.crossover, genetic.mutation);
        for _ in 0..TRIES {
            let (first, tree) = &trees[self.parent(trees.len())];
            let drawn = self.stream.unit();
            let (operator, parents, child) = if drawn < crossover {
                let (second, other) = &trees[self.parent(trees.len())];
                let child = self.crossed(tree, other);
                ("crossover", vec![first.number, second.number], child)
            } else if drawn < crossover + mutation || tree.constants().is_empty() {
                ("mutation", vec![first.number], self.mutated(tree))
            } else {
                ("constants", vec![first.number], self.shaken(tree))
            };
            let fits = child.is_within(self.context.limits);
            let proposal = self.proposal(island, operator, parents, &child);
            if fits && !self.context.islands.knows_text(&proposal.text) {
                return proposal;
            }
        }
        let depth = self.context.settings.genetic.random_depth;
        let tree = self.random_tree(depth, false);
        self.proposal(island, "random", Vec::new(), &tree)
    }

    /// The place of a parent: members stand from best to worst.
    fn parent(&mut self, members: usize) -> usize {
        let settings = self.context.settings;
        drawn(settings.selection, members, settings.genetic.tournament, &mut self.stream)
    }

    fn crossed(&mut self, tree: &Tree, other: &Tree) -> Tree {
        let mut child = tree.clone();
        let from = self.place_of(other);
        let place = self.place_of(&child);
        if let (Some(node), Some(from)) = (child.node_mut(place), other.node(from)) {
            *node = from.clone();
        }
        child
    }

    fn mutated(&mut self, tree: &Tree) -> Tree {
        let mut child = tree.clone();
        let place = self.place_of(&child);
        let depth = 1 + self.stream.below(3);
        let grown = self.random_tree(depth, false);
        let wraps = self.stream.chance(0.3);
        if let Some(node) = child.node_mut(place) {
            // A new part beside the old one, as often as not, keeps what was good.
            *node = if wraps {
                let old = std::mem::replace(node, Tree::Constant(0.0));
                Tree::Binary(self.binary(), Box::new(old), Box::new(grown))
            } else {
                grown
            };
        }
        child
    }

    fn shaken(&mut self, tree: &Tree) -> Tree {
        let constants = tree.constants();
        let chosen = self.stream.below(constants.len());
        let deviation = self.context.settings.genetic.constant_deviation;
        let shaken = constants.iter().enumerate().map(|(place, &value)| {
            let factor = (deviation * normal(&mut self.stream)).exp();
            if place == chosen { three_digits(value * factor) } else { value }
        });
        let shaken: Vec<f64> = shaken.collect();
        tree.with_constants(&shaken)
    }

    /// An inner node nine times of ten.
    fn place_of(&mut self, tree: &Tree) -> usize {
        let mut inner = Vec::new();
        let mut number = 0;
        tree.walk(&mut |node| {
            if !node.parts().is_empty() {
                inner.push(number);
            }
            number += 1;
        });
        if !inner.is_empty() && self.stream.chance(0.9) {
            return inner[self.stream.below(inner.len())];
        }
        self.stream.below(number)
    }

    fn binary(&mut self) -> Binary {
        Binary::ALL[self.stream.below(Binary::ALL.len())].0
    }

    /// A tree of this depth at most; a full one has every leaf there.
    fn random_tree(&mut self, depth: usize, full: bool) -> Tree {
        if depth <= 1 || (!full && self.stream.chance(0.25)) {
            return self.leaf();
        }
        if self.stream.chance(0.15) {
            let operator = Unary::ALL[self.stream.below(Unary::ALL.len())].0;
            return Tree::Unary(operator, Box::new(self.random_tree(depth - 1, full)));
        }
        let operator = self.binary();
        let first = self.random_tree(depth - 1, full);
        Tree::Binary(operator, Box::new(first), Box::new(self.random_tree(depth - 1, full)))
    }

    fn leaf(&mut self) -> Tree {
        let fields = self.context.signature.fields;
        if self.stream.chance(0.2) {
            let value = 10_f64.powf(2.0 * self.stream.unit() - 1.0);
            return Tree::Constant(three_digits(value));
        }
        let field: Field = fields[self.stream.below(fields.len())];
        Tree::Field(field)
    }
}

/// A draw of the standard normal distribution.
fn normal(stream: &mut Stream) -> f64 {
    let radius = (-2.0 * (1.0 - stream.unit()).ln()).sqrt();
    radius * (std::f64::consts::TAU * stream.unit()).cos()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Seed;

    #[test]
    fn draws_are_normal() {
        let mut stream = Seed::new(2).stream("normal");
        let draws: Vec<f64> = (0..20_000).map(|_| normal(&mut stream)).collect();
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        let variance = draws.iter().map(|it| it * it).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.05, "{mean} {variance}");
    }
}
