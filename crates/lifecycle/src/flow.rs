//! Figure 1-1 of the textbook, how customers flow between the stages, as boxes and arrows with figures.

use customers::customer::Stage;
use web::Ui;

use crate::views::StagesView;

use Stage::{FirstTime, Lost, Loyal, NonCustomer, Prospect, Repeat, Target};

/// Where the boxes stand and the arrows run, in the units of the drawing.
struct Plan {
    /// For which windows: a class of the style sheet.
    class: &'static str,
    /// Id of its arrow tip.
    tip: &'static str,
    width: u32,
    height: u32,
    box_width: u32,
    box_height: u32,
    /// Left upper corners.
    boxes: [(Stage, u32, u32); 7],
    arrows: [(Stage, Stage, &'static str, Label); 12],
}

/// Where an arrow's figure stands: x, y of its foot, and which of its ends is there.
type Label = (u32, u32, &'static str);

const WIDE: Plan = Plan {
    class: "d-none d-md-block",
    tip: "tip-wide",
    width: 960,
    height: 300,
    box_width: 136,
    box_height: 64,
    boxes: [
        (Prospect, 4, 60),
        (Target, 208, 60),
        (FirstTime, 412, 60),
        (Repeat, 616, 60),
        (Loyal, 820, 60),
        (NonCustomer, 4, 216),
        (Lost, 616, 216),
    ],
    arrows: [
        (Prospect, Target, "140,92 206,92", (173, 86, "middle")),
        (Target, FirstTime, "344,92 410,92", (377, 86, "middle")),
        (FirstTime, Repeat, "548,92 614,92", (581, 86, "middle")),
        (Repeat, Loyal, "752,92 818,92", (785, 86, "middle")),
        (Prospect, FirstTime, "72,60 72,28 480,28 480,58", (276, 22, "middle")),
        (Loyal, Repeat, "888,60 888,28 684,28 684,58", (786, 22, "middle")),
        (Prospect, NonCustomer, "72,124 72,214", (80, 174, "start")),
        (FirstTime, Lost, "480,124 480,248 614,248", (488, 174, "start")),
        (Repeat, Lost, "660,124 660,214", (652, 174, "end")),
        (Lost, Repeat, "708,216 708,126", (716, 174, "start")),
        (Loyal, Lost, "908,124 908,264 754,264", (916, 174, "start")),
        (Lost, Loyal, "752,232 868,232 868,126", (860, 174, "end")),
    ],
};

/// One above the other, for a phone.
const NARROW: Plan = Plan {
    class: "d-md-none",
    tip: "tip-narrow",
    width: 350,
    height: 540,
    box_width: 118,
    box_height: 60,
    boxes: [
        (Prospect, 44, 4),
        (Target, 44, 122),
        (FirstTime, 44, 240),
        (Repeat, 44, 358),
        (Loyal, 44, 476),
        (NonCustomer, 228, 4),
        (Lost, 228, 358),
    ],
    arrows: [
        (Prospect, Target, "103,64 103,120", (111, 97, "start")),
        (Target, FirstTime, "103,182 103,238", (111, 215, "start")),
        (FirstTime, Repeat, "103,300 103,356", (111, 333, "start")),
        (Repeat, Loyal, "88,418 88,474", (80, 451, "end")),
        (Prospect, FirstTime, "44,34 20,34 20,270 42,270", (26, 156, "start")),
        (Loyal, Repeat, "118,476 118,420", (126, 451, "start")),
        (Prospect, NonCustomer, "162,34 226,34", (194, 28, "middle")),
        (FirstTime, Lost, "162,270 270,270 270,356", (216, 264, "middle")),
        (Repeat, Lost, "162,378 226,378", (194, 372, "middle")),
        (Lost, Repeat, "228,402 164,402", (196, 418, "middle")),
        (Loyal, Lost, "162,494 270,494 270,420", (216, 488, "middle")),
        (Lost, Loyal, "304,418 304,518 164,518", (216, 533, "middle")),
    ],
};

/// One drawing, ready for the template.
pub struct Drawing {
    pub class: &'static str,
    pub tip: &'static str,
    pub width: u32,
    pub height: u32,
    pub box_width: u32,
    pub box_height: u32,
    pub boxes: Vec<StageBox>,
    pub arrows: Vec<Arrow>,
}

pub struct StageBox {
    pub href: String,
    pub title: String,
    pub customers: String,
    pub tone: &'static str,
    pub x: u32,
    pub y: u32,
    /// Middle of the box.
    pub middle: u32,
    /// Feet of its two lines.
    pub title_y: u32,
    pub count_y: u32,
}

pub struct Arrow {
    pub points: &'static str,
    pub moves: String,
    /// The arrow in words.
    pub words: String,
    /// Nobody went there: drawn faintly, without a figure.
    pub empty: bool,
    pub x: u32,
    pub y: u32,
    pub anchor: &'static str,
}

/// The same flow for wide windows and for phones.
pub fn drawings(ui: &Ui, view: &StagesView) -> Vec<Drawing> {
    [WIDE, NARROW].into_iter().map(|plan| drawing(ui, view, plan)).collect()
}

fn drawing(ui: &Ui, view: &StagesView, plan: Plan) -> Drawing {
    let boxes = plan.boxes.map(|(stage, x, y)| StageBox {
        href: format!("/customers?stage={stage}"),
        title: ui.t(stage.key()),
        customers: texts::format::thousands(view.at(stage)),
        tone: stage.tone(),
        x,
        y,
        middle: x + plan.box_width / 2,
        title_y: y + plan.box_height / 2 - 8,
        count_y: y + plan.box_height / 2 + 19,
    });
    let arrows = plan.arrows.map(|(from, to, points, (x, y, anchor))| {
        let moves = view.moved(from, to);
        let (from, to) = (ui.t(from.key()), ui.t(to.key()));
        let words = [("from", from), ("to", to), ("moves", moves.to_string())];
        let words = ui.with("lifecycle-move_words", &words);
        Arrow { points, moves: texts::format::thousands(moves), words, empty: moves == 0, x, y, anchor }
    });
    Drawing {
        class: plan.class,
        tip: plan.tip,
        width: plan.width,
        height: plan.height,
        box_width: plan.box_width,
        box_height: plan.box_height,
        boxes: boxes.into_iter().collect(),
        arrows: arrows.into_iter().collect(),
    }
}
