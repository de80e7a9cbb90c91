//! Owns the schema of a Parquet file: the tree of its columns, and at which levels values of each are there.

use super::thrift::Field;

/// Deeper nesting is refused.
const MAX_DEPTH: usize = 16;
/// More columns are refused.
const MAX_NODES: usize = 10_000;

/// How the values of a leaf are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Physical {
    Boolean,
    Int32,
    Int64,
    Int96,
    Float,
    Double,
    Bytes,
    /// With the length of each.
    FixedBytes(usize),
}

/// What they mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Logical {
    /// What the way of storing says.
    Plain,
    Date,
    /// Whole numbers, with so many digits behind the point.
    Decimal(u32),
    /// Since 1970, so many to a second.
    Timestamp(i64),
}

/// A column that holds values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Leaf {
    pub(super) physical: Physical,
    pub(super) logical: Logical,
    /// Of a value that is there.
    pub(super) max_definition: u32,
    /// Of an element of the innermost list.
    pub(super) max_repetition: u32,
}

/// What is below a node.
#[derive(Debug)]
pub(super) enum Shape {
    Leaf(Leaf),
    /// The repeated group of a list.
    List(Box<Node>),
    /// A group of one field within a list.
    Wrapped(Box<Node>),
    Structure(Vec<Node>),
}

/// A column, or a group of columns.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) shape: Shape,
    pub(super) is_repeated: bool,
    /// From this level on a value (or an element) of it is there.
    pub(super) definition: u32,
    /// At this level a further element of it follows.
    pub(super) repetition: u32,
    /// Index of the first leaf below it, and how many there are.
    pub(super) first_leaf: usize,
    pub(super) n_leaves: usize,
    /// Whether it holds nothing that a question could be made of, such as pictures.
    pub(super) is_foreign: bool,
}

impl Node {
    /// The leaves below it, in order.
    pub(super) fn leaves(&self) -> Vec<&Leaf> {
        match &self.shape {
            Shape::Leaf(leaf) => vec![leaf],
            Shape::List(inner) | Shape::Wrapped(inner) => inner.leaves(),
            Shape::Structure(fields) => fields.iter().flat_map(Node::leaves).collect(),
        }
    }
}

struct Reader<'a, 'b> {
    elements: &'a [Field<'b>],
    at: usize,
    n_leaves: usize,
}

/// The columns of the file, from its flat list of schema elements.
pub(super) fn read(elements: &[Field]) -> Result<Vec<Node>, String> {
    const DAMAGED: &str = "its schema is damaged";
    if MAX_NODES < elements.len() {
        return Err(format!("it has more than {MAX_NODES} columns, the most that is read"));
    }
    let n = elements.first().and_then(|root| root.size(5)).ok_or(DAMAGED)?;
    let mut reader = Reader { elements, at: 1, n_leaves: 0 };
    let mut nodes = Vec::new();
    for _ in 0..n {
        nodes.push(reader.node(0, 0, 0).ok_or(DAMAGED)?);
    }
    Ok(nodes)
}

impl Reader<'_, '_> {
    fn node(&mut self, definition: u32, repetition: u32, depth: usize) -> Option<Node> {
        if MAX_DEPTH < depth {
            return None;
        }
        let element = self.elements.get(self.at)?;
        self.at += 1;
        let name = element.text(4)?;
        // Required, optional, repeated.
        let kind = element.int(3).unwrap_or(0);
        let is_repeated = kind == 2;
        let definition = definition + u32::from(kind != 0);
        let repetition = repetition + u32::from(is_repeated);
        let first_leaf = self.n_leaves;
        let n_fields = element.size(5).unwrap_or(0);
        if n_fields == 0 {
            self.n_leaves += 1;
            let leaf = Leaf {
                physical: physical(element)?,
                logical: logical(element),
                max_definition: definition,
                max_repetition: repetition,
            };
            return Some(Node {
                name,
                shape: Shape::Leaf(leaf),
                is_repeated,
                definition,
                repetition,
                first_leaf,
                n_leaves: 1,
                is_foreign: leaf.physical == Physical::Int96,
            });
        }
        let mut fields = Vec::new();
        for _ in 0..n_fields {
            fields.push(self.node(definition, repetition, depth + 1)?);
        }
        let is_list = element.int(6) == Some(3)
            || element.structure(10).is_some_and(|logical| logical.structure(3).is_some());
        Some(Node {
            name,
            is_foreign: fields.iter().all(|field| field.is_foreign),
            shape: shape(fields, is_list),
            is_repeated,
            definition,
            repetition,
            first_leaf,
            n_leaves: self.n_leaves - first_leaf,
        })
    }
}

/// A list is a group of one repeated field, which is a group of one field again (the Parquet specification, "Lists").
fn shape(mut fields: Vec<Node>, is_list: bool) -> Shape {
    let is_wrapping = is_list && fields.len() == 1 && fields[0].is_repeated;
    match fields.pop() {
        Some(mut repeated) if is_wrapping => {
            let inner = std::mem::replace(&mut repeated.shape, Shape::Structure(vec![]));
            let is_own_structure = repeated.name == "array" || repeated.name.ends_with("_tuple");
            repeated.shape = match inner {
                Shape::Structure(mut inner) if inner.len() == 1 && !is_own_structure => {
                    match inner.pop() {
                        Some(element) => Shape::Wrapped(Box::new(element)),
                        None => Shape::Structure(inner),
                    }
                }
                other => other,
            };
            Shape::List(Box::new(repeated))
        }
        Some(last) => {
            fields.push(last);
            Shape::Structure(fields)
        }
        None => Shape::Structure(fields),
    }
}

fn physical(element: &Field) -> Option<Physical> {
    Some(match element.int(1)? {
        0 => Physical::Boolean,
        1 => Physical::Int32,
        2 => Physical::Int64,
        3 => Physical::Int96,
        4 => Physical::Float,
        5 => Physical::Double,
        6 => Physical::Bytes,
        7 => Physical::FixedBytes(element.size(2)?),
        _ => return None,
    })
}

fn logical(element: &Field) -> Logical {
    let scale = || u32::try_from(element.int(7).unwrap_or(0)).unwrap_or(0).min(30);
    match element.int(6) {
        Some(5) => return Logical::Decimal(scale()),
        Some(6) => return Logical::Date,
        Some(9) => return Logical::Timestamp(1_000),
        Some(10) => return Logical::Timestamp(1_000_000),
        _ => {}
    }
    let Some(logical) = element.structure(10) else { return Logical::Plain };
    if logical.structure(5).is_some() {
        return Logical::Decimal(scale());
    }
    if logical.structure(6).is_some() {
        return Logical::Date;
    }
    let Some(unit) = logical.structure(8).and_then(|timestamp| timestamp.structure(2)) else {
        return Logical::Plain;
    };
    Logical::Timestamp(match (unit.structure(1), unit.structure(2)) {
        (Some(_), _) => 1_000,
        (_, Some(_)) => 1_000_000,
        _ => 1_000_000_000,
    })
}
