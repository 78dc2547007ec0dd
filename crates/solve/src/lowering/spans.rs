//! Tasks that span others: there when one of them is, from the first start to the latest end.
//!
//! **Source:** see `ordine_cp::propagators::post_span`.

use super::Lowered;
use ordine_cp::Interval;
use ordine_cp::propagators::post_span;

/// Posts every span.
pub(super) fn lower(lowered: &mut Lowered<'_>) {
    for span in lowered.problem.spans() {
        let parent = lowered.tasks[span.parent].interval;
        let child = |&child| lowered.tasks[child].interval;
        let children: Vec<Interval> = span.children.iter().map(child).collect();
        post_span(&mut lowered.engine, parent, &children);
    }
}
