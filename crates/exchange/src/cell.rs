/// What stands in one cell, as the file has it; what it means is decided by the mapping.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    /// A number of a workbook as the shortest decimal text that gives the same number.
    Number(String),
    /// A number that the workbook shows as a date or a time: days since the workbook's epoch.
    Serial(String),
    Bool(bool),
    /// `#N/A`, `#REF!` and the like.
    Error(String),
}

impl Cell {
    /// What a person sees, or nearly so; used in reasons and in the file of refused rows.
    pub fn text(&self) -> &str {
        match self {
            Cell::Empty => "",
            Cell::Text(text) | Cell::Number(text) | Cell::Serial(text) | Cell::Error(text) => text,
            Cell::Bool(true) => "TRUE",
            Cell::Bool(false) => "FALSE",
        }
    }

    pub fn is_blank(&self) -> bool {
        self.text().chars().all(|c| c.is_whitespace() || c == '\u{feff}')
    }
}

/// One line of data below the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Line in the file as people count; the first line is 1.
    pub number: u64,
    /// In the order of the header; trailing empty cells may be left out.
    pub cells: Vec<Cell>,
    /// The workbook counts days from 1904-01-01.
    pub since_1904: bool,
}
