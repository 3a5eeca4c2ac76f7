//! The hall's window: the counter that receives a case with the keyboard alone.
