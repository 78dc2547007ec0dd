//! Constraints of a model by name.
//!
//! **Source:** see the propagators.

use super::relaxation::Row;
use super::{Expression, Model, Relation, Term};
use crate::atom::{Atom, Value, View};
use crate::propagators::{
    Bin, BinPackingParameters, CircuitArc, PackedItem, Rectangle, RectangleParameters,
    post_all_different, post_at_least, post_at_most, post_bin_packing, post_circuit,
    post_circuit_length, post_element, post_linear, post_linear_equal, post_maximum, post_minimum,
    post_no_overlap_2d, post_table,
};

impl Model {
    /// Adds a relation.
    ///
    /// # Panics
    /// When a sum can pass 2^61.
    pub fn add(&mut self, relation: impl Into<Relation>) {
        self.add_if(Atom::TRUE, relation);
    }

    /// Adds a relation that counts while `condition` holds.
    ///
    /// # Panics
    /// As [`Model::add`].
    pub fn add_if(&mut self, condition: Atom, relation: impl Into<Relation>) {
        match relation.into() {
            Relation::Holds(atom) => self.engine.post_clause(&[!condition, atom]),
            Relation::AtMostZero(expression) => {
                let (terms, constant) = self.terms(&expression);
                post_linear(&mut self.engine, &terms, -constant, condition);
                self.keep_row(condition, terms, -constant);
            }
            Relation::Zero(expression) => {
                let (terms, constant) = self.terms(&expression);
                post_linear_equal(&mut self.engine, &terms, -constant, condition);
                let negated = terms.iter().map(|&(factor, view)| (-factor, view)).collect();
                self.keep_row(condition, negated, constant);
                self.keep_row(condition, terms, -constant);
            }
            Relation::NotZero(expression) => {
                let is_zero = self.holds(Relation::Zero(expression));
                self.engine.post_clause(&[!condition, !is_zero]);
            }
        }
    }

    /// An atom that holds exactly if the relation does.
    ///
    /// # Panics
    /// As [`Model::add`].
    pub fn holds(&mut self, relation: impl Into<Relation>) -> Atom {
        match relation.into() {
            Relation::Holds(atom) => atom,
            Relation::NotZero(expression) => !self.holds(Relation::Zero(expression)),
            Relation::AtMostZero(expression) => {
                if let [(factor, term)] = expression.terms[..] {
                    return self.bound_atom(factor, term, expression.constant);
                }
                let atom = self.boolean();
                self.add_if(!atom, Relation::AtMostZero(-expression.clone() + 1));
                self.add_if(atom, Relation::AtMostZero(expression));
                atom
            }
            Relation::Zero(expression) => {
                if let [(factor, Term::View(view))] = expression.terms[..]
                    && factor != 0
                {
                    let constant = -expression.constant;
                    return match constant % factor {
                        0 => self.value_atom(view, constant / factor),
                        _ => Atom::FALSE,
                    };
                }
                let most = self.holds(Relation::AtMostZero(expression.clone()));
                let least = self.holds(Relation::AtMostZero(-expression));
                self.all_of(&[most, least])
            }
        }
    }

    /// Remembers an inequality for the relaxation, if it always counts.
    fn keep_row(&mut self, condition: Atom, terms: Vec<(Value, View)>, bound: Value) {
        let trail = &self.engine.trail;
        let is_there = |term: &(Value, View)| trail.presence(term.1.side) == Atom::TRUE;
        if condition == Atom::TRUE && terms.iter().all(is_there) {
            self.rows.push(Row { terms, bound });
        }
    }

    /// Remembers `sign · Σ atoms ≤ bound`, where all are Booleans.
    fn keep_count(&mut self, atoms: &[Atom], sign: Value, bound: Value) {
        if atoms.iter().all(|&atom| self.is_boolean(atom)) {
            let terms = atoms.iter().map(|atom| (sign, atom.as_view())).collect();
            self.rows.push(Row { terms, bound });
        }
    }

    fn is_boolean(&self, atom: Atom) -> bool {
        let trail = &self.engine.trail;
        let variable = View { side: atom.side, offset: 0 };
        let (lower, upper) = (trail.lower(variable), trail.upper(variable));
        let is_binary = upper - lower <= 1 && lower + 1 == atom.value;
        is_binary || atom == Atom::TRUE || atom == Atom::FALSE
    }

    /// `factor · term + constant ≤ 0` is an atom on a bound.
    fn bound_atom(&mut self, factor: Value, term: Term, constant: Value) -> Atom {
        let view = match term {
            Term::View(view) => view,
            Term::Atom(atom) => self.as_view(atom),
        };
        match factor {
            0 if constant <= 0 => Atom::TRUE,
            0 => Atom::FALSE,
            _ if factor > 0 => view.at_most((-constant).div_euclid(factor)),
            _ => (-view).at_most((-constant).div_euclid(-factor)),
        }
    }

    /// At least one atom holds.
    pub fn any(&mut self, atoms: &[Atom]) {
        self.engine.post_clause(atoms);
    }

    /// If the first holds, so does the second.
    pub fn implies(&mut self, condition: Atom, conclusion: Atom) {
        self.engine.post_clause(&[!condition, conclusion]);
    }

    /// An atom that holds exactly if all of these do.
    pub fn all_of(&mut self, atoms: &[Atom]) -> Atom {
        if let [atom] = atoms {
            return *atom;
        }
        let all = self.boolean();
        let mut clause = vec![all];
        for &atom in atoms {
            self.implies(all, atom);
            clause.push(!atom);
        }
        self.any(&clause);
        all
    }

    /// An atom that holds exactly if one of these does.
    pub fn any_of(&mut self, atoms: &[Atom]) -> Atom {
        let negations: Vec<Atom> = atoms.iter().map(|&atom| !atom).collect();
        !self.all_of(&negations)
    }

    /// At least `count` of the atoms hold.
    pub fn at_least(&mut self, count: usize, atoms: &[Atom]) {
        post_at_least(&mut self.engine, count, atoms, Atom::TRUE);
        self.keep_count(atoms, -1, -(count as Value));
    }

    /// At most `count` of the atoms hold.
    pub fn at_most(&mut self, count: usize, atoms: &[Atom]) {
        post_at_most(&mut self.engine, count, atoms, Atom::TRUE);
        self.keep_count(atoms, 1, count as Value);
    }

    /// Exactly `count` of the atoms hold.
    pub fn exactly(&mut self, count: usize, atoms: &[Atom]) {
        self.at_least(count, atoms);
        self.at_most(count, atoms);
    }

    /// No two views are equal.
    ///
    /// Makes value atoms where they are few, so that holes are seen.
    pub fn all_different(&mut self, views: &[View]) {
        post_all_different(&mut self.engine, views);
        let least = views.iter().map(|&view| self.bounds(view).0).min().unwrap_or(0);
        let most = views.iter().map(|&view| self.bounds(view).1).max().unwrap_or(0);
        let span = usize::try_from(most - least + 1).unwrap_or(usize::MAX);
        if views.len().saturating_mul(span) > self.parameters.value_atoms_max {
            return;
        }
        for value in least..=most {
            let atoms: Vec<Atom> = views
                .iter()
                .map(|&view| self.value_atom(view, value))
                .filter(|&atom| atom != Atom::FALSE)
                .collect();
            self.at_most(1, &atoms);
            if span == views.len() {
                self.any(&atoms);
            }
        }
    }

    /// `array[index]`, as a view.
    ///
    /// # Panics
    /// When the array is empty.
    pub fn element<T: Copy + Into<View>>(&mut self, array: &[T], index: View) -> View {
        assert!(!array.is_empty(), "an element of nothing");
        self.add(Relation::Holds(index.at_least(0)));
        self.add(Relation::Holds(index.at_most(array.len() as Value - 1)));
        let items: Vec<(View, Atom)> = (0..array.len())
            .map(|place| (array[place].into(), self.value_atom(index, place as Value)))
            .filter(|&(_, selected)| selected != Atom::FALSE)
            .collect();
        let least = items.iter().map(|item| self.bounds(item.0).0).min().unwrap_or(0);
        let most = items.iter().map(|item| self.bounds(item.0).1).max().unwrap_or(0);
        let target = self.integer(least, most);
        post_element(&mut self.engine, target, &items);
        target
    }

    /// The views equal one of the rows.
    ///
    /// # Panics
    /// When a row has not one value for each view.
    pub fn table(&mut self, views: &[View], rows: &[Vec<Value>]) {
        let rows: Vec<(Vec<Value>, Atom)> =
            rows.iter().map(|row| (row.clone(), Atom::TRUE)).collect();
        self.conditional_table(views, &rows);
    }

    /// The views equal one of the rows whose atom holds.
    ///
    /// # Panics
    /// When a row has not one value for each view.
    pub fn conditional_table(&mut self, views: &[View], rows: &[(Vec<Value>, Atom)]) {
        post_table(&mut self.engine, views, rows);
    }

    /// The largest of the views.
    ///
    /// # Panics
    /// When there is none.
    pub fn maximum(&mut self, views: &[View]) -> View {
        let items: Vec<(View, Atom)> = views.iter().map(|&view| (view, Atom::TRUE)).collect();
        self.maximum_of_present(&items)
    }

    /// The smallest of the views.
    ///
    /// # Panics
    /// When there is none.
    pub fn minimum(&mut self, views: &[View]) -> View {
        let items: Vec<(View, Atom)> = views.iter().map(|&view| (view, Atom::TRUE)).collect();
        self.minimum_of_present(&items)
    }

    /// The largest of the views whose atom holds; at least one does.
    ///
    /// # Panics
    /// When there is no view.
    pub fn maximum_of_present(&mut self, items: &[(View, Atom)]) -> View {
        let target = self.hull(items);
        post_maximum(&mut self.engine, target, items, Atom::TRUE);
        target
    }

    /// The smallest of the views whose atom holds; at least one does.
    ///
    /// # Panics
    /// When there is no view.
    pub fn minimum_of_present(&mut self, items: &[(View, Atom)]) -> View {
        let target = self.hull(items);
        post_minimum(&mut self.engine, target, items, Atom::TRUE);
        target
    }

    fn hull(&mut self, items: &[(View, Atom)]) -> View {
        let least = items.iter().map(|item| self.bounds(item.0).0).min();
        let most = items.iter().map(|item| self.bounds(item.0).1).max();
        let bounds = least.zip(most).expect("at least one view");
        self.integer(bounds.0, bounds.1)
    }

    /// The distance of a view from zero.
    pub fn absolute(&mut self, view: View) -> View {
        self.maximum(&[view, -view])
    }

    /// Items lie in bins, within the upper bounds of their loads.
    ///
    /// # Panics
    /// When the numbers of dimensions or bins differ, or a size is below zero.
    pub fn bin_packing(&mut self, items: &[PackedItem], bins: &[Bin]) {
        post_bin_packing(&mut self.engine, items, bins, &BinPackingParameters::default());
    }

    /// Present rectangles do not overlap.
    ///
    /// # Panics
    /// When the presences of a rectangle differ.
    pub fn no_overlap_2d(&mut self, rectangles: &[Rectangle]) {
        post_no_overlap_2d(&mut self.engine, rectangles, &RectangleParameters::default());
    }

    /// The chosen arcs form one circuit through all nodes that do not choose their self-loop.
    ///
    /// # Panics
    /// When an arc names a node from `nodes` on, or a node has two self-loops.
    pub fn circuit(&mut self, nodes: usize, arcs: &[CircuitArc]) {
        post_circuit(&mut self.engine, nodes, arcs);
    }

    /// Length of the circuit that the chosen arcs form. The search starts from the circuit that
    /// goes to the nearest node that is left.
    ///
    /// # Panics
    /// When there is not a length for each arc, or their sum passes
    /// [`VALUE_MAX`](crate::VALUE_MAX).
    pub fn circuit_length(&mut self, nodes: usize, arcs: &[CircuitArc], lengths: &[Value]) -> View {
        let least = lengths.iter().map(|&it| it.min(0)).sum();
        let length = self.integer(least, lengths.iter().map(|&it| it.max(0)).sum());
        post_circuit_length(&mut self.engine, nodes, arcs, lengths, length);
        self.hint_nearest(nodes, arcs, lengths);
        length
    }

    /// Hints at the circuit that goes to the nearest node that is left, if the arcs have one.
    fn hint_nearest(&mut self, nodes: usize, arcs: &[CircuitArc], lengths: &[Value]) {
        let mut visited = vec![false; nodes];
        let mut chosen = vec![false; arcs.len()];
        let mut node = 0;
        for visit in 1..=nodes {
            visited[node] = true;
            let goes_on = |&arc: &usize| {
                let CircuitArc { from, to, .. } = arcs[arc];
                from == node && if visit == nodes { to == 0 } else { !visited[to] }
            };
            let nearest = (0..arcs.len()).filter(goes_on).min_by_key(|&arc| lengths[arc]);
            let Some(nearest) = nearest else { return };
            chosen[nearest] = true;
            node = arcs[nearest].to;
        }
        for (arc, is_chosen) in arcs.iter().zip(chosen) {
            self.hints.push(if is_chosen { arc.chosen } else { !arc.chosen });
        }
    }

    /// 0 or 1, as the atom holds.
    pub fn as_view(&mut self, atom: Atom) -> View {
        if self.is_boolean(atom) {
            return atom.as_view();
        }
        if let Some(channel) = self.channels.get(&atom) {
            return channel.as_view();
        }
        let channel = self.boolean();
        self.implies(channel, atom);
        self.implies(atom, channel);
        self.channels.insert(atom, channel);
        channel.as_view()
    }

    /// Coefficients and views of an expression, and its constant.
    fn terms(&mut self, expression: &Expression) -> (Vec<(Value, View)>, Value) {
        let mut terms = Vec::with_capacity(expression.terms.len());
        for &(factor, term) in &expression.terms {
            let view = match term {
                Term::View(view) => view,
                Term::Atom(atom) => self.as_view(atom),
            };
            terms.push((factor, view));
        }
        (terms, expression.constant)
    }

    /// A view that is at least the expression, and has no other reason to be large; and the terms
    /// that add up to no more than it.
    pub(super) fn view_at_least(&mut self, expression: &Expression) -> (View, Vec<(Value, View)>) {
        let (mut terms, constant) = self.terms(expression);
        match terms[..] {
            [(1, view)] => return (view + constant, Vec::new()),
            [(-1, view)] => return (-view + constant, Vec::new()),
            _ => {}
        }
        let bounds = terms.iter().map(|&(factor, view)| {
            let (lower, upper) = self.bounds(view);
            let ends = [lower, upper].map(|end| i128::from(factor) * i128::from(end));
            (ends[0].min(ends[1]), ends[0].max(ends[1]))
        });
        let (least, most) = bounds.fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
        let to_value = |number: i128| Value::try_from(number).unwrap_or(Value::MAX);
        let view = self.integer(to_value(least), to_value(most));
        let mut sum = terms.clone();
        sum.push((-1, view));
        post_linear(&mut self.engine, &sum, 0, Atom::TRUE);
        terms.push((constant, View::constant(1)));
        (view + constant, terms)
    }
}
