//! What goes out, to people and to programs.

use base::Day;
use customers::customer::Stage;
use serde::Serialize;
use utoipa::ToSchema;

use crate::service::Stages;

/// How many customers stand at a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StageRow {
    pub key: Stage,
    pub customers: i64,
}

/// How many times customers went from one stage to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MoveRow {
    pub from: Stage,
    pub to: Stage,
    pub moves: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StagesView {
    #[schema(value_type = String, format = Date)]
    pub as_of: Day,
    /// Moves after this day are counted.
    #[schema(value_type = String, format = Date)]
    pub moves_after: Day,
    /// Every stage, also those without customers.
    pub rows: Vec<StageRow>,
    /// Most frequent first.
    pub moves: Vec<MoveRow>,
}

impl From<Stages> for StagesView {
    fn from(stages: Stages) -> Self {
        let mut moves: Vec<MoveRow> =
            stages.moves.into_iter().map(|((from, to), moves)| MoveRow { from, to, moves }).collect();
        moves.sort_by_key(|row| (-row.moves, row.from, row.to));
        let row = |key: &Stage| StageRow { key: *key, customers: stages.counts.get(key).copied().unwrap_or(0) };
        Self { as_of: stages.as_of, moves_after: stages.after, rows: Stage::ALL.iter().map(row).collect(), moves }
    }
}

impl StagesView {
    pub fn total(&self) -> i64 {
        self.rows.iter().map(|row| row.customers).sum()
    }

    pub fn at(&self, stage: Stage) -> i64 {
        self.rows.iter().find(|row| row.key == stage).map_or(0, |row| row.customers)
    }

    pub fn moved(&self, from: Stage, to: Stage) -> i64 {
        self.moves.iter().find(|row| row.from == from && row.to == to).map_or(0, |row| row.moves)
    }

    /// Moves to a stage, wherever they came from.
    pub fn moved_to(&self, to: Stage) -> i64 {
        self.moves.iter().filter(|row| row.to == to).map(|row| row.moves).sum()
    }

    /// Moves away from a stage, wherever they went.
    pub fn moved_from(&self, from: Stage) -> i64 {
        self.moves.iter().filter(|row| row.from == from).map(|row| row.moves).sum()
    }
}
