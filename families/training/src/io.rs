//! What the family reads and writes: logs of training, saved schedules, instances, tables.
//!
//! Nothing here opens a file: callers hand in bytes with a name for messages, or a writer.
//!
//! **Source:** see each module.

pub mod instance;
pub mod log;
pub mod matrix_market;
pub mod outcomes;
mod parquet;
pub mod saved;
mod tensorboard;
