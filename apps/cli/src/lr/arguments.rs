//! What can be typed behind `ordine lr`.
//!
//! **Source:** -

use crate::values;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

const LR_EXAMPLES: &str = "\
Examples:
  ordine lr list                                 the words of schedules
  ordine lr plot rex linear --steps 1000         draws them on the terminal
  ordine lr refine norms.csv --steps 20000       the schedule that gradient norms call for";

const PLOT_EXAMPLES: &str = "\
Examples:
  ordine lr plot rex linear cosine --steps 1000
  ordine lr plot 'rex(d=0.5) | warmup(500)' --steps 20000 --peak 3e-4 --out rex.svg
  ordine lr plot 'linear @ 30% > cosine | floor(0.1)' --steps 1000 --out rates.csv
  ordine lr plot 'step(at=[30 epochs, 60 epochs])' --steps 9000 --steps-per-epoch 100
  ordine lr plot 'wsd(cooldown=1e9 tokens)' --steps 9000 --tokens-per-step 1048576
  ordine lr plot 'uba(phi=1)' --steps 10 --values

A schedule is a word of `ordine lr list`, or a file NAME.json that `ordine lr refine` wrote. In its
text, `|` changes what stands left of it, `*` multiplies, and `A @ 10% > B` joins two. Amounts are
steps, percent of the run, epochs or tokens.";

const REFINE_EXAMPLES: &str = "\
Examples:
  ordine lr refine norms.csv --steps 20000 --out refined.json
  ordine lr refine trainer_log.jsonl --column grad_norm --optimizer adam
  ordine lr refine events.out.tfevents.1700000000.host --column train/grad_norm
  ordine lr plot refined.json linear --steps 20000
                                                 draws what was saved

Reads CSV with a head, JSON lines, event files of TensorBoard, and Parquet (built with
`--features parquet`). Record the norm of the whole
gradient at every step, before clipping: l2 for SGD, l1 for Adam.";

const LIST_EXAMPLES: &str = "\
Examples:
  ordine lr list
  ordine lr list | grep PyTorch
  ordine lr list --json";

/// Arguments of `lr`.
#[derive(Args, Debug)]
#[command(after_help = LR_EXAMPLES)]
pub struct LrArguments {
    /// What to do with schedules.
    #[command(subcommand)]
    pub command: LrCommand,
}

/// What to do with schedules.
#[derive(Subcommand, Debug)]
pub enum LrCommand {
    /// Draw schedules on the terminal, as SVG, or write their values
    Plot(PlotArguments),
    /// Find the schedule that the gradient norms of an earlier run call for
    Refine(RefineArguments),
    /// List the words that schedules are made of
    List(LrListArguments),
}

/// Arguments of `lr plot`.
#[derive(Args, Debug)]
#[command(after_help = PLOT_EXAMPLES, allow_negative_numbers = true)]
pub struct PlotArguments {
    /// Schedules in their text form, each drawn as one curve
    #[arg(required = true, value_name = "SCHEDULE")]
    pub schedules: Vec<String>,

    /// Updates of the run
    #[arg(long, value_name = "N")]
    pub steps: i64,

    /// Updates of an epoch, for schedules that speak of epochs
    #[arg(long, value_name = "N")]
    pub steps_per_epoch: Option<f64>,

    /// Tokens of an update, for schedules that speak of tokens
    #[arg(long, value_name = "N")]
    pub tokens_per_step: Option<f64>,

    /// Rate that the value 1 stands for
    #[arg(long, value_name = "RATE", default_value = "1", value_parser = values::rate)]
    pub peak: f64,

    /// Draw rates on a logarithmic axis
    #[arg(long)]
    pub log: bool,

    /// Write curves (FILE.svg) or the rate of every step (FILE.csv, FILE.json)
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// Print the rate of every step as CSV instead of drawing
    #[arg(long)]
    pub values: bool,
}

/// Arguments of `lr refine`.
#[derive(Args, Debug)]
#[command(after_help = REFINE_EXAMPLES, allow_negative_numbers = true)]
pub struct RefineArguments {
    /// Log of a run: CSV, JSON lines, Parquet, or an event file of TensorBoard; `-` is stdin
    pub log: String,

    /// Series that holds the norms [default: one that is known to]
    #[arg(long, value_name = "NAME")]
    pub column: Option<String>,

    /// Updates of the next run [default: those of the log]
    #[arg(long, value_name = "N")]
    pub steps: Option<i64>,

    /// Optimizer of the run: decides the norm and the power of the weights
    #[arg(long, value_name = "NAME", value_enum, default_value = "sgd")]
    pub optimizer: OptimizerWord,

    /// Power of the weights [default: 2 for sgd, 1 for adam]
    #[arg(long, value_name = "P")]
    pub power: Option<f64>,

    /// Share of the run that the running median looks at; 0 leaves the norms as they are
    /// [default: 0.1]
    #[arg(long, value_name = "SHARE")]
    pub tau: Option<f64>,

    /// Norms that are left out at both ends
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub trim: usize,

    /// How the schedule follows: weights and their tails, or the minimum of the bound
    #[arg(long, value_name = "FORM", value_enum, default_value = "closed")]
    pub form: FormWord,

    /// Distance from start to solution, for the bound
    #[arg(long, value_name = "D", default_value_t = 1.0)]
    pub distance: f64,

    /// Rate that the value 1 stands for
    #[arg(long, value_name = "RATE", default_value = "1", value_parser = values::rate)]
    pub peak: f64,

    /// Write the schedule (FILE.json), its rates (FILE.csv) or its curve (FILE.svg)
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// One JSON line on stdout, nothing else there
    #[arg(long)]
    pub json: bool,
}

/// Optimizers as they are typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OptimizerWord {
    /// Stochastic gradient descent
    Sgd,
    /// Adam and other methods with a rate per coordinate
    Adam,
}

/// Forms of refinement as they are typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormWord {
    /// Weights and their tails
    Closed,
    /// The minimum of the bound
    Numeric,
}

/// Arguments of `lr list`.
#[derive(Args, Debug)]
#[command(after_help = LIST_EXAMPLES)]
pub struct LrListArguments {
    /// One JSON array on stdout
    #[arg(long)]
    pub json: bool,
}
