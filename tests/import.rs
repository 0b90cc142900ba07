//! Logs of other programs, as `import` reads them: one known truth is written in every shape, and must be read back as
//! far as the shape tells it.

#[path = "import/hostile.rs"]
mod hostile;
#[path = "import/overlap.rs"]
mod overlap;
#[path = "import/reading.rs"]
mod reading;
#[path = "import/sentences.rs"]
mod sentences;
#[path = "import/shapes.rs"]
mod shapes;
#[path = "import/stage.rs"]
mod stage;
#[path = "import/traps.rs"]
mod traps;
#[path = "import/truth.rs"]
mod truth;
