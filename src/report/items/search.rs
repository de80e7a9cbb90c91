//! Owns full-text search over items and answers.

use crate::report::grid::Grid;
use crate::run::Journal;

/// All texts of a grid in lower case, one item after another. Made when a search is first needed.
#[derive(Debug, Clone, Default)]
pub struct SearchIndex {
    text: String,
    /// Where each item's text ends in `text`.
    ends: Vec<usize>,
}

impl SearchIndex {
    /// Takes in id, category, question, context and options of every item, and every answer to it. `journals` are
    /// those that the grid was made from.
    pub fn of(grid: &Grid, journals: &[&Journal]) -> Self {
        let mut index = Self::default();
        index.extend(grid, journals, usize::MAX);
        index
    }

    /// How many items were taken in.
    pub fn n_items(&self) -> usize {
        self.ends.len()
    }

    /// Takes in the next `n` items: a page makes the index some at a time. Grid and journals must be the same each time.
    pub fn extend(&mut self, grid: &Grid, journals: &[&Journal], n: usize) {
        for (row_idx, row) in grid.items.iter().enumerate().skip(self.ends.len()).take(n) {
            self.push(&row.id.0);
            let item = journals.get(row.run).and_then(|journal| journal.plan.items.get(row.item));
            if let Some(item) = item {
                self.push(&item.category);
                self.push(&item.question);
                item.context.iter().chain(item.options()).for_each(|text| self.push(text));
            }
            for (model, participant) in grid.models.iter().enumerate() {
                let Some(journal) = journals.get(participant.run) else { continue };
                for cell in grid.trials(model, row_idx) {
                    if let Some(completion) = cell.completion(journal) {
                        self.push(&completion.text);
                    }
                }
            }
            self.ends.push(self.text.len());
        }
    }

    /// Adds a text in lower case, closed by a line feed, so that no word reaches into the next text.
    fn push(&mut self, text: &str) {
        if text.is_ascii() {
            let start = self.text.len();
            self.text.push_str(text);
            self.text[start..].make_ascii_lowercase();
        } else {
            self.text.extend(text.chars().flat_map(char::to_lowercase));
        }
        self.text.push('\n');
    }

    /// Indices of the items whose texts hold every word of the query, ascending; all items when it has no word. A
    /// part of a word is enough, and case does not matter.
    pub fn find(&self, query: &str) -> Vec<usize> {
        let query = query.to_lowercase();
        let mut found: Option<Vec<usize>> = None;
        for word in query.split_whitespace() {
            let with_word = match &found {
                None => self.holding(word),
                Some(found) => {
                    found.iter().copied().filter(|item| self.item(*item).contains(word)).collect()
                }
            };
            found = Some(with_word);
        }
        found.unwrap_or_else(|| (0..self.ends.len()).collect())
    }

    fn holding(&self, word: &str) -> Vec<usize> {
        let mut items = Vec::new();
        let mut from = 0;
        while let Some(at) = self.text[from..].find(word) {
            let item = self.ends.partition_point(|end| *end <= from + at);
            items.push(item);
            from = self.ends[item];
        }
        items
    }

    fn item(&self, item: usize) -> &str {
        let start = if item == 0 { 0 } else { self.ends[item - 1] };
        &self.text[start..self.ends[item]]
    }
}
