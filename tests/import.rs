//! Logs of other programs, as `import` reads them: one known truth is written in every shape, and must be read back as
//! far as the shape tells it.

#[path = "import/fixtures.rs"]
mod fixtures;
#[path = "import/hostile.rs"]
mod hostile;
#[path = "import/overlap.rs"]
mod overlap;
#[path = "import/reading.rs"]
mod reading;
#[path = "import/sentences.rs"]
mod sentences;
#[path = "../recordings/generate/shapes.rs"]
mod shapes;
#[path = "import/sheets.rs"]
mod sheets;
#[path = "import/stage.rs"]
mod stage;
#[path = "../recordings/generate/told.rs"]
mod told;
#[path = "import/traps.rs"]
mod traps;
#[path = "../recordings/generate/truth.rs"]
mod truth;
