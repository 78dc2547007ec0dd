//! Random small models through the modelling face, against enumeration.
//!
//! **Source:** -

use ordine_base::{Seed, Stream};
use ordine_cp::model::{
    Expression, Limits, Model, ModelParameters, Outcome, Relate, Relation, sum,
};
use ordine_cp::{Atom, View};

const LOWER: i64 = -2;
const UPPER: i64 = 2;
const COUNT: usize = 4;

/// `Σ coefficient · x + constant`, compared with zero.
#[derive(Clone, Debug)]
struct Row {
    factors: [i64; COUNT],
    constant: i64,
    comparison: usize,
}

impl Row {
    fn random(stream: &mut Stream) -> Row {
        let mut factor = || if stream.chance(0.4) { 0 } else { stream.below(7) as i64 - 3 };
        let factors = [factor(), factor(), factor(), factor()];
        let constant = stream.below(9) as i64 - 4;
        Row { factors, constant, comparison: stream.below(6) }
    }

    fn value(&self, values: &[i64]) -> i64 {
        self.constant + self.factors.iter().zip(values).map(|(a, b)| a * b).sum::<i64>()
    }

    fn holds(&self, values: &[i64]) -> bool {
        let value = self.value(values);
        [value <= 0, value >= 0, value == 0, value != 0, value < 2, value > -2][self.comparison]
    }

    fn expression(&self, views: &[View]) -> Expression {
        sum(self.factors.iter().zip(views).map(|(&a, &b)| a * b)) + self.constant
    }

    fn relation(&self, views: &[View]) -> Relation {
        let left = self.expression(views);
        match self.comparison {
            0 => left.no_more_than(0),
            1 => left.no_less_than(0),
            2 => left.equals(0),
            3 => left.differs_from(0),
            4 => left.less_than(2),
            _ => left.more_than(-2),
        }
    }
}

/// A model, its rules, and what it means.
struct Case {
    model: Model,
    views: Vec<View>,
    hard: Vec<Row>,
    either: [Row; 2],
    rules: Vec<(Atom, Row)>,
    objective: Row,
    maximizes: bool,
}

impl Case {
    fn random(stream: &mut Stream) -> Case {
        let parameters = ModelParameters {
            dichotomy: stream.chance(0.5),
            relaxation: stream.chance(0.5),
            ..ModelParameters::default()
        };
        let mut model = Model::new(parameters);
        let views = model.integers(COUNT, LOWER, UPPER);
        let hard: Vec<Row> = (0..2).map(|_| Row::random(stream)).collect();
        for row in &hard {
            model.add(row.relation(&views));
        }
        // At least one of two relations holds.
        let either = [Row::random(stream), Row::random(stream)];
        let atoms = either.clone().map(|row| model.holds(row.relation(&views)));
        model.any(&atoms);
        let rules: Vec<(Atom, Row)> = (0..4)
            .map(|number| {
                let row = Row::random(stream);
                let rule = model.rule(format!("rule {number}"));
                model.add_if(rule, row.relation(&views));
                (rule, row)
            })
            .collect();
        let objective = Row::random(stream);
        let maximizes = stream.chance(0.5);
        if maximizes {
            model.maximize(objective.expression(&views));
        } else {
            model.minimize(objective.expression(&views));
        }
        if stream.chance(0.3) {
            for &view in &views {
                model.hint(view, stream.below(5) as i64 - 2);
            }
        }
        Case { model, views, hard, either, rules, objective, maximizes }
    }

    /// The best value under some rules, by trying everything.
    fn best(&self, rules: &[Atom]) -> Option<i64> {
        let base = UPPER - LOWER + 1;
        let all = (0..base.pow(COUNT as u32))
            .map(|number| [0, 1, 2, 3].map(|it: u32| LOWER + number / base.pow(it) % base));
        let feasible = all.filter(|values| {
            self.hard.iter().all(|row| row.holds(values))
                && self.either.iter().any(|row| row.holds(values))
                && self.rules.iter().all(|(rule, row)| !rules.contains(rule) || row.holds(values))
        });
        let values = feasible.map(|values| self.objective.value(&values));
        if self.maximizes { values.max() } else { values.min() }
    }

    fn check(&self, outcome: &Outcome, rules: &[Atom]) {
        match (outcome, self.best(rules)) {
            (Outcome::Optimal { best, objective }, Some(expected)) => {
                assert_eq!(*objective, expected);
                assert_eq!(best.value(self.objective.expression(&self.views)), expected);
                let values: Vec<i64> = self.views.iter().map(|&view| best.value(view)).collect();
                assert!(self.hard.iter().all(|row| row.holds(&values)));
            }
            (Outcome::Infeasible { core }, None) => {
                assert!(core.iter().all(|rule| rules.contains(rule)));
                assert_eq!(self.best(core), None, "the core has a solution");
            }
            (outcome, expected) => panic!("{outcome:?} instead of {expected:?}"),
        }
    }
}

#[test]
fn optimum_is_that_of_enumeration() {
    let (mut solved, mut infeasible) = (0, 0);
    for number in 0..400 {
        let mut case = Case::random(&mut Seed::new(number).stream("model"));
        let model = std::mem::take(&mut case.model);
        let outcome = model.solve();
        case.check(&outcome, &[]);
        *if outcome.solution().is_some() { &mut solved } else { &mut infeasible } += 1;
    }
    assert!(solved > 100 && infeasible > 10, "{solved} solved, {infeasible} infeasible");
}

#[test]
fn one_model_answers_many_questions() {
    let mut infeasible = 0;
    for number in 0..150 {
        let stream = &mut Seed::new(number).stream("questions");
        let mut case = Case::random(stream);
        for _ in 0..4 {
            let rules: Vec<Atom> = case.rules.iter().map(|rule| rule.0).collect();
            let rules: Vec<Atom> = rules.into_iter().filter(|_| stream.chance(0.6)).collect();
            let outcome = case.model.solve_under(&rules, &Limits::default(), &mut ());
            case.check(&outcome, &rules);
            let Outcome::Infeasible { core } = outcome else { continue };
            infeasible += 1;
            let core = case.model.minimal_core(&core, &Limits::default());
            assert_eq!(case.best(&core), None);
            for left_out in &core {
                let rest: Vec<Atom> = core.iter().copied().filter(|it| it != left_out).collect();
                assert!(case.best(&rest).is_some(), "the core is not minimal");
            }
        }
    }
    assert!(infeasible > 50, "only {infeasible} infeasible questions");
}
