//! Browser journeys; they live in `tests/it` and run the real program in a real browser.
