//! The page.

use askama::Template;
use axum::extract::State;
use customers::customer::Stage;
use web::{Me, Page, Ui, page};

use crate::Lifecycle;
use crate::flow::{self, Drawing};
use crate::service::MOVES_DAYS;
use crate::views::StagesView;

#[derive(Template)]
#[template(path = "stages.html")]
struct StagesPage {
    ui: Ui,
    view: StagesView,
    drawings: Vec<Drawing>,
    /// What the figures say.
    finding: String,
    /// How the drawing is to be read.
    note: String,
}

impl StagesPage {
    fn share(&self, customers: &i64) -> String {
        match self.view.total() {
            0 => String::new(),
            total => texts::format::percent(*customers as f64 / total as f64),
        }
    }
}

pub async fn stages(ui: Ui, Me(actor): Me, State(lifecycle): State<Lifecycle>) -> Page {
    let view = StagesView::from(lifecycle.stages(&actor).await?);
    let figures = [
        ("days", MOVES_DAYS.to_string()),
        ("first", view.moved_to(Stage::FirstTime).to_string()),
        ("loyal", view.moved_to(Stage::Loyal).to_string()),
        ("lost", view.moved_to(Stage::Lost).to_string()),
        ("back", view.moved_from(Stage::Lost).to_string()),
    ];
    let finding = ui.with("lifecycle-finding", &figures);
    let drawings = flow::drawings(&ui, &view);
    let (from, until) = (texts::format::day(view.moves_after), texts::format::day(view.as_of));
    let note = ui.t2("lifecycle-flow-note", ("from", &from), ("until", &until));
    page(StagesPage { ui, view, drawings, finding, note })
}
