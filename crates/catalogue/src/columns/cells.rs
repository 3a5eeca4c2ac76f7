//! A table of columns, one column a line: `kind(element) title, field, width, hint;`.
//!
//! Kinds: `text` one line of text, `long` several lines, `code` text without blanks around, `yes_no`, `number`,
//! `number_or_none`, `text_or_none`, `one(element as Words)` and `many(element as Words)` for closed lists of
//! words, and `own(write, read, input)` for whatever needs a rule of its own.

macro_rules! columns {
    ($row:ty { $($kind:ident($($what:tt)+) $title:literal, $field:literal, $width:literal, $hint:literal;)+ }) => {
        vec![$(cell!($kind $row, $($what)+; $title, $field, $width, $hint)),+]
    };
}

macro_rules! cell {
    (text $row:ty, $($path:ident).+; $title:literal, $field:literal, $width:literal, $hint:literal) => {
        $crate::columns::column::<$row>(
            $title, $field, $width, $hint,
            |row| row.$($path).+.clone(),
            |row, text, _| {
                text.clone_into(&mut row.$($path).+);
                Ok(())
            },
        )
    };
    (long $row:ty, $($path:ident).+; $title:literal, $field:literal, $width:literal, $hint:literal) => {
        cell!(text $row, $($path).+; $title, $field, $width, $hint).asked($crate::columns::Input::Lines)
    };
    (code $row:ty, $($path:ident).+; $title:literal, $field:literal, $width:literal, $hint:literal) => {
        $crate::columns::column::<$row>(
            $title, $field, $width, $hint,
            |row| row.$($path).+.clone(),
            |row, text, _| {
                row.$($path).+ = text.trim().to_owned();
                Ok(())
            },
        )
    };
    (yes_no $row:ty, $($path:ident).+; $title:literal, $field:literal, $width:literal, $hint:literal) => {
        $crate::columns::column::<$row>(
            $title, $field, $width, $hint,
            |row| $crate::columns::yes(row.$($path).+),
            |row, text, _| {
                row.$($path).+ = $crate::columns::is_yes(text)?;
                Ok(())
            },
        )
        .asked($crate::columns::Input::YesNo)
    };
    (number $row:ty, $($path:ident).+; $title:literal, $field:literal, $width:literal, $hint:literal) => {
        $crate::columns::column::<$row>(
            $title, $field, $width, $hint,
            |row| row.$($path).+.to_string(),
            |row, text, _| {
                row.$($path).+ = $crate::columns::number(text)?;
                Ok(())
            },
        )
        .asked($crate::columns::Input::Number)
    };
    (number_or_none $row:ty, $($path:ident).+; $title:literal, $field:literal, $width:literal, $hint:literal) => {
        $crate::columns::column::<$row>(
            $title, $field, $width, $hint,
            |row| row.$($path).+.map(|number| number.to_string()).unwrap_or_default(),
            |row, text, _| {
                row.$($path).+ = Some($crate::columns::number(text)?);
                Ok(())
            },
        )
        .asked($crate::columns::Input::Number)
    };
    (text_or_none $row:ty, $($path:ident).+; $title:literal, $field:literal, $width:literal, $hint:literal) => {
        $crate::columns::column::<$row>(
            $title, $field, $width, $hint,
            |row| row.$($path).+.clone().unwrap_or_default(),
            |row, text, _| {
                row.$($path).+ = Some(text.to_owned());
                Ok(())
            },
        )
    };
    (one $row:ty, $($path:ident).+ as $words:ident; $title:literal, $field:literal, $width:literal, $hint:literal) => {
        $crate::columns::column::<$row>(
            $title, $field, $width, $hint,
            |row| row.$($path).+.name().to_owned(),
            |row, text, _| {
                row.$($path).+ =
                    $crate::columns::named(text, $words::ALL, $words::name, $words::code)?;
                Ok(())
            },
        )
        .asked($crate::columns::Input::One(|| {
            $crate::columns::names($words::ALL, $words::name)
        }))
    };
    (many $row:ty, $($path:ident).+ as $words:ident; $title:literal, $field:literal, $width:literal, $hint:literal) => {
        $crate::columns::column::<$row>(
            $title, $field, $width, $hint,
            |row| $crate::columns::joined(&row.$($path).+, $words::name),
            |row, text, _| {
                row.$($path).+ =
                    $crate::columns::several(text, $words::ALL, $words::name, $words::code)?;
                Ok(())
            },
        )
        .asked($crate::columns::Input::Many(|| {
            $crate::columns::names($words::ALL, $words::name)
        }))
    };
    (own $row:ty, $write:expr, $read:expr, $input:expr; $title:literal, $field:literal, $width:literal, $hint:literal) => {
        $crate::columns::column::<$row>($title, $field, $width, $hint, $write, $read).asked($input)
    };
}
