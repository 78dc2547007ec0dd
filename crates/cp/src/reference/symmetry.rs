//! The same tiny model in other words: other numbers of variables, time that runs backward.
//!
//! **Source:** metamorphic testing (Tsong Chen et al., 1998).

use super::{Domain, Tiny};
use crate::atom::{Atom, Interval, Side, VALUE_MAX, View};
use crate::declaration::{Declaration, General, Scheduling};
use crate::propagators::{Capacity, ConditionalArc, Event, Usage};
use ordine_base::Seed;

impl Tiny {
    /// The same model with its variables in another order and its constraints too.
    pub fn relabeled(&self, seed: Seed) -> Tiny {
        let mut stream = seed.stream("relabel");
        // Whoever says that others are there comes before them.
        let (mut first, mut second): (Vec<usize>, Vec<usize>) =
            (1..self.domains.len()).partition(|&old| self.domains[old].present == Atom::TRUE);
        stream.shuffle(&mut first);
        stream.shuffle(&mut second);
        let order: Vec<usize> = [0].into_iter().chain(first).chain(second).collect();
        let mut number = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            number[old] = new as u32;
        }
        let side = |side: Side| Side(2 * number[side.variable()] + (side.index() % 2) as u32);
        let names = Names { side: &side };
        let domains = order
            .iter()
            .map(|&old| Domain {
                present: names.atom(self.domains[old].present),
                ..self.domains[old].clone()
            })
            .collect();
        let mut declarations: Vec<Declaration> =
            self.declarations.iter().map(|declaration| names.declaration(declaration)).collect();
        stream.shuffle(&mut declarations);
        let objective = self.objective.map(|view| names.view(view));
        Tiny { domains, declarations, objective }
    }

    /// The same model with every task seen from the end of time; its solutions are the same.
    pub fn mirrored(&self) -> Tiny {
        let declarations = self.declarations.iter().map(mirrored).collect();
        Tiny { declarations, ..self.clone() }
    }
}

fn mirrored(declaration: &Declaration) -> Declaration {
    let all = |tasks: &[Interval]| tasks.iter().map(|task| task.mirrored()).collect();
    match declaration {
        Declaration::Difference { from, to, weight, guard } => {
            Declaration::Difference { from: -*to, to: -*from, weight: *weight, guard: *guard }
        }
        Declaration::Sequence { tasks, before } => {
            Declaration::Sequence { tasks: all(tasks), before: transposed(before) }
        }
        Declaration::Scheduling(Scheduling::Setups { tasks, before, families, times }) => {
            Declaration::Scheduling(Scheduling::Setups {
                tasks: all(tasks),
                before: transposed(before),
                families: families.clone(),
                times: transposed(times),
            })
        }
        Declaration::Scheduling(Scheduling::Alternative { master, options }) => {
            let (master, options) = (master.mirrored(), all(options));
            Declaration::Scheduling(Scheduling::Alternative { master, options })
        }
        Declaration::Scheduling(Scheduling::Span { parent, children }) => {
            let (parent, children) = (parent.mirrored(), all(children));
            Declaration::Scheduling(Scheduling::Span { parent, children })
        }
        Declaration::Disjunctive { tasks } => Declaration::Disjunctive { tasks: all(tasks) },
        Declaration::Cumulative { usages, capacity } => Declaration::Cumulative {
            usages: usages.iter().map(|it| Usage { task: it.task.mirrored(), ..*it }).collect(),
            capacity: mirrored_capacity(capacity),
        },
        Declaration::General(General::NoOverlap2d(rectangles)) => {
            let mirrored = rectangles.iter().map(|&(x, y)| (x.mirrored(), y)).collect();
            Declaration::General(General::NoOverlap2d(mirrored))
        }
        other => other.clone(),
    }
}

/// Rows as columns.
fn transposed<T: Copy>(square: &[T]) -> Vec<T> {
    let count = square.len().isqrt();
    (0..count * count).map(|place| square[place % count * count + place / count]).collect()
}

/// What there is at time t of the one there is at time -1 - t of the other.
fn mirrored_capacity(capacity: &Capacity) -> Capacity {
    let Capacity::Steps(steps) = capacity else { return capacity.clone() };
    let mut mirrored = Vec::new();
    for (place, &(_, amount)) in steps.iter().enumerate().rev() {
        // From the end of the step on; the last has none.
        let end = steps.get(place + 1).map_or(VALUE_MAX, |next| next.0);
        mirrored.push((-end, amount));
    }
    Capacity::Steps(mirrored)
}

/// New names for sides.
struct Names<'a> {
    side: &'a dyn Fn(Side) -> Side,
}

impl Names<'_> {
    fn view(&self, view: View) -> View {
        View { side: (self.side)(view.side), ..view }
    }

    fn atom(&self, atom: Atom) -> Atom {
        Atom { side: (self.side)(atom.side), ..atom }
    }

    fn atoms(&self, atoms: &[Atom]) -> Vec<Atom> {
        atoms.iter().map(|&atom| self.atom(atom)).collect()
    }

    fn intervals(&self, tasks: &[Interval]) -> Vec<Interval> {
        let rename = |task: &Interval| Interval {
            start: self.view(task.start),
            duration: self.view(task.duration),
            end: self.view(task.end),
            present: self.atom(task.present),
        };
        tasks.iter().map(rename).collect()
    }

    fn declaration(&self, declaration: &Declaration) -> Declaration {
        match declaration {
            Declaration::Clause(atoms) => Declaration::Clause(self.atoms(atoms)),
            Declaration::Difference { from, to, weight, guard } => Declaration::Difference {
                from: self.view(*from),
                to: self.view(*to),
                weight: *weight,
                guard: self.atom(*guard),
            },
            Declaration::Sequence { tasks, before } => {
                Declaration::Sequence { tasks: self.intervals(tasks), before: self.atoms(before) }
            }
            Declaration::Disjunctive { tasks } => {
                Declaration::Disjunctive { tasks: self.intervals(tasks) }
            }
            Declaration::General(general) => Declaration::General(self.general(general)),
            Declaration::Scheduling(it) => Declaration::Scheduling(self.scheduling(it)),
            Declaration::Cumulative { usages, capacity } => {
                let usage = |it: &Usage| Usage {
                    task: self.intervals(&[it.task])[0],
                    demand: self.view(it.demand),
                };
                let capacity = match capacity {
                    Capacity::Level(level) => Capacity::Level(self.view(*level)),
                    Capacity::Steps(_) => capacity.clone(),
                };
                Declaration::Cumulative { usages: usages.iter().map(usage).collect(), capacity }
            }
            #[allow(unreachable_patterns, reason = "constraints are added on their own")]
            other => unreachable!("nobody wrote how to relabel {other:?}"),
        }
    }

    fn items(&self, items: &[(View, Atom)]) -> Vec<(View, Atom)> {
        items.iter().map(|&(view, atom)| (self.view(view), self.atom(atom))).collect()
    }

    fn general(&self, general: &General) -> General {
        let views = |views: &[View]| views.iter().map(|&view| self.view(view)).collect();
        match general {
            General::Linear { terms, bound, conditions } => General::Linear {
                terms: terms.iter().map(|&(factor, view)| (factor, self.view(view))).collect(),
                bound: *bound,
                conditions: self.atoms(conditions),
            },
            General::AtLeast { count, atoms, condition } => General::AtLeast {
                count: *count,
                atoms: self.atoms(atoms),
                condition: self.atom(*condition),
            },
            General::Reach { target, items, conditions } => General::Reach {
                target: self.view(*target),
                items: self.items(items),
                conditions: self.atoms(conditions),
            },
            General::Element { target, items } => {
                General::Element { target: self.view(*target), items: self.items(items) }
            }
            General::Table { columns, rows } => General::Table {
                columns: views(columns),
                rows: rows.iter().map(|(row, atom)| (row.clone(), self.atom(*atom))).collect(),
            },
            General::AllDifferent(all) => General::AllDifferent(views(all)),
            General::Load { items, load } => General::Load {
                items: items.iter().map(|&(size, atom)| (size, self.atom(atom))).collect(),
                load: self.view(*load),
            },
            General::NoOverlap2d(rectangles) => {
                let xs: Vec<Interval> = rectangles.iter().map(|pair| pair.0).collect();
                let ys: Vec<Interval> = rectangles.iter().map(|pair| pair.1).collect();
                General::NoOverlap2d(
                    self.intervals(&xs).into_iter().zip(self.intervals(&ys)).collect(),
                )
            }
            General::CircuitLength { nodes, arcs, length } => General::CircuitLength {
                nodes: *nodes,
                arcs: arcs
                    .iter()
                    .map(|&(from, to, atom, long)| (from, to, self.atom(atom), long))
                    .collect(),
                length: self.view(*length),
            },
            General::Circuit { nodes, arcs } => General::Circuit {
                nodes: *nodes,
                arcs: arcs.iter().map(|&(from, to, atom)| (from, to, self.atom(atom))).collect(),
            },
        }
    }

    fn task(&self, task: Interval) -> Interval {
        self.intervals(&[task])[0]
    }

    fn scheduling(&self, scheduling: &Scheduling) -> Scheduling {
        match scheduling {
            Scheduling::Alternative { master, options } => Scheduling::Alternative {
                master: self.task(*master),
                options: self.intervals(options),
            },
            Scheduling::Span { parent, children } => {
                Scheduling::Span { parent: self.task(*parent), children: self.intervals(children) }
            }
            Scheduling::Reservoir { events, initial, least, most } => {
                let event = |it: &Event| Event {
                    time: self.view(it.time),
                    present: self.atom(it.present),
                    ..*it
                };
                let (initial, least, most) = (*initial, *least, *most);
                let events = events.iter().map(event).collect();
                Scheduling::Reservoir { events, initial, least, most }
            }
            Scheduling::Elapsed { start, end, work, present, time } => Scheduling::Elapsed {
                start: self.view(*start),
                end: self.view(*end),
                work: *work,
                present: self.atom(*present),
                time: time.clone(),
            },
            Scheduling::Forbidden { view, present, intervals } => Scheduling::Forbidden {
                view: self.view(*view),
                present: self.atom(*present),
                intervals: intervals.clone(),
            },
            Scheduling::Excess { tasks, capacity, cost } => Scheduling::Excess {
                tasks: tasks.iter().map(|&(task, demand)| (self.task(task), demand)).collect(),
                capacity: match capacity {
                    Capacity::Level(level) => Capacity::Level(self.view(*level)),
                    Capacity::Steps(steps) => Capacity::Steps(steps.clone()),
                },
                cost: self.view(*cost),
            },
            Scheduling::Setups { tasks, before, families, times } => Scheduling::Setups {
                tasks: self.intervals(tasks),
                before: self.atoms(before),
                families: families.clone(),
                times: times.clone(),
            },
            Scheduling::Acyclic { nodes, arcs } => {
                let arc = |it: &ConditionalArc| ConditionalArc {
                    conditions: self.atoms(&it.conditions),
                    ..*it
                };
                Scheduling::Acyclic { nodes: *nodes, arcs: arcs.iter().map(arc).collect() }
            }
        }
    }
}
