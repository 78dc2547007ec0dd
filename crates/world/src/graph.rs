//! What a learned policy sees: a graph with types of nodes, features in rows, and relations.
//!
//! Nodes of one type carry the same features, kept row by row as `[nodes, features]` of 32-bit
//! floats, ready to be handed to a network. A relation is a list of edges from nodes of one type to
//! nodes of one type, each with its own features. A world builds its graph once and keeps it true
//! by small changes: a feature is set in O(1), an edge is added or taken out in O(1).
//!
//! **Source:** heterogeneous graphs as in Schlichtkrull et al. 2018 (relational graph networks);
//! rows and edge lists as libraries of graph networks take them.

use crate::CandidateId;
use ordine_base::{Id, IdVec, define_ids};

define_ids! {
    /// A type of nodes of a graph.
    NodeTypeId;
    /// A relation of a graph.
    RelationId;
    /// Row of a node within its type.
    NodeId;
    /// Position of an edge within its relation.
    EdgeId;
}

/// A graph with typed nodes and edges.
///
/// ```
/// use ordine_world::Graph;
///
/// let mut graph = Graph::new();
/// let task = graph.node_type("task", &["duration", "is done"]);
/// let before = graph.relation("before", task, task, &[]);
/// let (cut, sew) = (graph.node(task, &[3.0, 0.0]), graph.node(task, &[5.0, 0.0]));
/// graph.edge(before, cut, sew, &[]);
/// graph.set(task, cut, 1, 1.0);
/// assert_eq!(graph.nodes(task).features(cut), [3.0, 1.0]);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    types: IdVec<NodeTypeId, NodeTable>,
    relations: IdVec<RelationId, EdgeTable>,
    candidates: Vec<(NodeTypeId, NodeId)>,
}

/// All nodes of one type.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeTable {
    /// What the nodes are.
    pub name: &'static str,
    /// Names of their features, with unit or scaling where it matters.
    pub feature_names: &'static [&'static str],
    count: usize,
    rows: Vec<f32>,
}

/// All edges of one relation.
#[derive(Clone, Debug, PartialEq)]
pub struct EdgeTable {
    /// What the edges mean.
    pub name: &'static str,
    /// Type of the nodes where they begin.
    pub from: NodeTypeId,
    /// Type of the nodes where they end.
    pub to: NodeTypeId,
    /// Names of the features of an edge.
    pub feature_names: &'static [&'static str],
    pairs: Vec<(NodeId, NodeId)>,
    rows: Vec<f32>,
}

impl Graph {
    /// A graph without types.
    pub fn new() -> Self {
        Graph::default()
    }

    /// Adds a type of nodes.
    pub fn node_type(
        &mut self,
        name: &'static str,
        feature_names: &'static [&'static str],
    ) -> NodeTypeId {
        self.types.push(NodeTable { name, feature_names, count: 0, rows: Vec::new() })
    }

    /// Adds a relation.
    pub fn relation(
        &mut self,
        name: &'static str,
        from: NodeTypeId,
        to: NodeTypeId,
        feature_names: &'static [&'static str],
    ) -> RelationId {
        let (pairs, rows) = (Vec::new(), Vec::new());
        self.relations.push(EdgeTable { name, from, to, feature_names, pairs, rows })
    }

    /// Adds a node.
    ///
    /// # Panics
    /// When it has not one value per feature of its type.
    pub fn node(&mut self, of: NodeTypeId, features: &[f32]) -> NodeId {
        let table = &mut self.types[of];
        assert_eq!(features.len(), table.feature_names.len(), "features of a {}", table.name);
        table.rows.extend_from_slice(features);
        table.count += 1;
        NodeId::from_index(table.count - 1)
    }

    /// Adds an edge.
    ///
    /// # Panics
    /// When it has not one value per feature of its relation.
    pub fn edge(
        &mut self,
        relation: RelationId,
        from: NodeId,
        to: NodeId,
        features: &[f32],
    ) -> EdgeId {
        let table = &mut self.relations[relation];
        assert_eq!(features.len(), table.feature_names.len(), "features of {}", table.name);
        debug_assert!(from.index() < self.types[table.from].count, "{} from {from:?}", table.name);
        debug_assert!(to.index() < self.types[table.to].count, "{} to {to:?}", table.name);
        table.rows.extend_from_slice(features);
        table.pairs.push((from, to));
        EdgeId::from_index(table.pairs.len() - 1)
    }

    /// Takes an edge out; the last edge of the relation takes its place, and its old id.
    pub fn remove_edge(&mut self, relation: RelationId, edge: EdgeId) {
        let table = &mut self.relations[relation];
        let (place, width) = (edge.index(), table.feature_names.len());
        table.pairs.swap_remove(place);
        let last = table.pairs.len() * width;
        table.rows.copy_within(last..last + width, place * width);
        table.rows.truncate(last);
    }

    /// Takes all edges of a relation out.
    pub fn clear_edges(&mut self, relation: RelationId) {
        let table = &mut self.relations[relation];
        table.pairs.clear();
        table.rows.clear();
    }

    /// Takes all nodes of a type out; edges that name them have to be taken out too.
    pub fn clear_nodes(&mut self, of: NodeTypeId) {
        let table = &mut self.types[of];
        table.count = 0;
        table.rows.clear();
    }

    /// Sets one feature of a node.
    pub fn set(&mut self, of: NodeTypeId, node: NodeId, feature: usize, value: f32) {
        self.features_mut(of, node)[feature] = value;
    }

    /// The features of a node, to be changed.
    pub fn features_mut(&mut self, of: NodeTypeId, node: NodeId) -> &mut [f32] {
        let table = &mut self.types[of];
        let width = table.feature_names.len();
        &mut table.rows[node.index() * width..][..width]
    }

    /// The features of an edge, to be changed.
    pub fn edge_features_mut(&mut self, relation: RelationId, edge: EdgeId) -> &mut [f32] {
        let table = &mut self.relations[relation];
        let width = table.feature_names.len();
        &mut table.rows[edge.index() * width..][..width]
    }

    /// Says for which nodes the candidates of the observation stand, in their order.
    pub fn set_candidates(&mut self, nodes: impl IntoIterator<Item = (NodeTypeId, NodeId)>) {
        self.candidates.clear();
        self.candidates.extend(nodes);
    }

    /// The node of a candidate, if the world says it.
    pub fn candidate(&self, id: CandidateId) -> Option<(NodeTypeId, NodeId)> {
        self.candidates.get(id.index()).copied()
    }

    /// Types of nodes.
    pub fn node_types(&self) -> impl Iterator<Item = (NodeTypeId, &NodeTable)> {
        self.types.iter()
    }

    /// Relations.
    pub fn relations(&self) -> impl Iterator<Item = (RelationId, &EdgeTable)> {
        self.relations.iter()
    }

    /// All nodes of a type.
    pub fn nodes(&self, of: NodeTypeId) -> &NodeTable {
        &self.types[of]
    }

    /// All edges of a relation.
    pub fn edges(&self, relation: RelationId) -> &EdgeTable {
        &self.relations[relation]
    }
}

impl NodeTable {
    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Features of all nodes: `[nodes, features]`, row by row.
    pub fn rows(&self) -> &[f32] {
        &self.rows
    }

    /// Features of one node.
    pub fn features(&self, node: NodeId) -> &[f32] {
        let width = self.feature_names.len();
        &self.rows[node.index() * width..][..width]
    }
}

impl EdgeTable {
    /// Number of edges.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there is no edge.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Where each edge begins and ends.
    pub fn pairs(&self) -> &[(NodeId, NodeId)] {
        &self.pairs
    }

    /// Features of all edges: `[edges, features]`, row by row.
    pub fn rows(&self) -> &[f32] {
        &self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removing_an_edge_moves_the_last_one_with_its_features() {
        let mut graph = Graph::new();
        let job = graph.node_type("job", &["weight"]);
        let waits = graph.relation("waits for", job, job, &["lag"]);
        let nodes = [1.0, 2.0, 3.0].map(|weight| graph.node(job, &[weight]));
        let first = graph.edge(waits, nodes[0], nodes[1], &[10.0]);
        graph.edge(waits, nodes[1], nodes[2], &[20.0]);
        graph.edge(waits, nodes[0], nodes[2], &[30.0]);
        graph.remove_edge(waits, first);
        let edges = graph.edges(waits);
        assert_eq!(edges.pairs(), [(nodes[0], nodes[2]), (nodes[1], nodes[2])]);
        assert_eq!(edges.rows(), [30.0, 20.0]);
    }
}
