//! Values as people type them: a line for each input, `年龄 = 65`. What is written comes back as it was.

use serde_json::{Map, Value};

/// How many inputs one text may name.
const INPUTS_MAX: usize = 100;

/// Inputs as lines.
pub fn inputs_text(inputs: &Map<String, Value>) -> String {
    let lines = inputs.iter();
    let lines = lines.map(|(name, value)| format!("{name} = {}", value_text(value)));
    lines.collect::<Vec<_>>().join("\n")
}

/// Lines as inputs; the equals sign may be a Chinese one, or a colon.
///
/// # Errors
/// The line that does not read.
pub fn read_inputs(text: &str) -> Result<Map<String, Value>, String> {
    let mut inputs = Map::new();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    for line in lines {
        let Some((name, value)) = line.split_once(['=', '＝', '：', ':']) else {
            return Err(format!(
                "“{}”看不懂。每行写一个，例如：年龄 = 65。",
                short(line)
            ));
        };
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            return Err(format!(
                "“{}”没有写名称。每行写一个，例如：年龄 = 65。",
                short(line)
            ));
        }
        if inputs.insert(name.clone(), read_value(value)?).is_some() {
            return Err(format!("“{}”写了两次，请删去一行。", short(&name)));
        }
        if inputs.len() > INPUTS_MAX {
            return Err(format!("一个用例最多写 {INPUTS_MAX} 个输入。"));
        }
    }
    Ok(inputs)
}

/// A value as people type it.
pub fn value_text(value: &Value) -> String {
    match value {
        Value::Null => "空".to_owned(),
        Value::Bool(true) => "是".to_owned(),
        Value::Bool(false) => "否".to_owned(),
        Value::String(text) => {
            let is_plain = read_value(text).as_ref() == Ok(value) && !text.contains('\n');
            if is_plain {
                text.clone()
            } else {
                value.to_string()
            }
        }
        other => other.to_string(),
    }
}

/// What somebody typed as a value: 是 and 否, a number, 空, a text (in quotes where it looks like another one), or JSON for
/// lists and groups.
///
/// # Errors
/// JSON that does not read.
pub fn read_value(text: &str) -> Result<Value, String> {
    let text = text.trim();
    let is_json = text.starts_with(['[', '{', '"']);
    Ok(match text {
        "" | "空" | "null" => Value::Null,
        "是" | "true" => Value::Bool(true),
        "否" | "false" => Value::Bool(false),
        json if is_json => serde_json::from_str(json).map_err(|_| {
            let text = short(json);
            format!("“{text}”看不懂。列表写成 [\"甲\", \"乙\"]，一组值写成 {{\"名称\": 1}}。")
        })?,
        plain => match serde_json::from_str::<serde_json::Number>(plain) {
            Ok(number) => Value::Number(number),
            Err(_) => Value::String(plain.to_owned()),
        },
    })
}

fn short(text: &str) -> String {
    text.chars().take(30).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_comes_back() {
        for value in [
            json!(null),
            json!(true),
            json!(65),
            json!(1.5),
            json!("本县"),
            json!("是"),
            json!("65"),
            json!("两行\n字"),
            json!(["甲", "乙"]),
            json!({ "结果": "准予" }),
        ] {
            let mut inputs = Map::new();
            inputs.insert("某 值".to_owned(), value.clone());
            let text = inputs_text(&inputs);
            assert_eq!(read_inputs(&text), Ok(inputs), "{text}");
        }
    }

    #[test]
    fn what_does_not_read_is_named() {
        assert!(read_inputs("年龄 65").unwrap_err().contains("年龄 65"));
        assert!(read_inputs("= 65").unwrap_err().contains("没有写名称"));
        assert!(read_inputs("a = 1\na = 2").unwrap_err().contains("两次"));
        assert!(read_inputs("a = [1").unwrap_err().contains("列表"));
        assert_eq!(
            read_inputs("年龄：65\n户籍＝本县").map(Value::Object),
            Ok(json!({ "年龄": 65, "户籍": "本县" }))
        );
    }
}
