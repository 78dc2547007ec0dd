//! The client over HTTP, against a scripted endpoint on the loopback interface.
//!
//! **Source:** -
#![cfg(feature = "http")]

use ordine_chat::{
    Budget, ChatError, Complete, Endpoint, HttpPost, Limited, Pause, Price, Request, reply_body,
};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

/// One answer: status line and further headers, then the body; nothing for a lost connection.
type Answer = Option<(&'static str, String)>;

/// Answers in order, one connection each; gives the base of the endpoint and what it heard.
fn serve(answers: Vec<Answer>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base = format!("http://{}/v1/", listener.local_addr().expect("an address"));
    let serve = move || {
        let mut heard = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().expect("a caller");
            heard.push(request(&mut stream));
            if let Some((head, body)) = answer {
                let length = body.len();
                let words =
                    format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n");
                stream.write_all(format!("{words}\r\n{body}").as_bytes()).expect("heard");
            }
        }
        heard
    };
    (base, std::thread::spawn(serve))
}

/// Head and body of a request.
fn request(stream: &mut TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let (mut text, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a line");
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        let ends = line.trim().is_empty();
        text += &line;
        if ends {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    text + &String::from_utf8(body).expect("text")
}

/// Keeps the pauses instead of waiting.
#[derive(Default)]
struct Kept(Vec<Duration>);

impl Pause for &mut Kept {
    fn pause(&mut self, time: Duration) {
        self.0.push(time);
    }
}

const KEY: &str = "a-key-that-nobody-may-see";

#[test]
fn failures_over_http_are_tried_again_and_paid_once() {
    let (base, server) = serve(vec![
        Some(("429 Too Many Requests\r\nRetry-After: 7", "slow down".to_owned())),
        Some(("500 Internal Server Error", String::new())),
        None,
        Some(("200 OK", "{\"choices\":".to_owned())),
        Some(("400 Bad Request", "unknown parameter: top_p".to_owned())),
        Some(("200 OK", reply_body("score = p", 1000, 50))),
    ]);
    let mut pauses = Kept::default();
    let endpoint = Endpoint::new(HttpPost::new(&base, Some(KEY.to_owned())), &mut pauses, 1);
    let price = Price { input: 1.0, cached: 0.0, output: 2.0 };
    let budget = Budget { calls: Some(1), ..Budget::default() };
    let mut model = Limited::new(endpoint, price, budget);
    let request = Request { top_p: Some(0.9), ..Request::asking("m", "A rule?") };
    let reply = model.complete(&request).expect("an answer in the end");
    assert_eq!((reply.text.as_str(), reply.tries), ("score = p", 6));
    let ledger = model.ledger();
    assert_eq!((ledger.calls, ledger.usage.prompt, ledger.usage.completion), (1, 1000, 50));
    assert!((ledger.dollars - 0.0011).abs() < 1e-12);
    let spent = model.complete(&request).expect_err("one call is the budget");
    assert!(matches!(spent, ChatError::Budget { what: "calls", .. }), "{spent}");
    assert_eq!(pauses.0.len(), 4);
    assert_eq!(pauses.0[0], Duration::from_secs(7));
    let heard = server.join().expect("it ends");
    assert!(heard.iter().all(|it| it.starts_with("POST /v1/chat/completions HTTP/1.1\r\n")));
    assert!(heard.iter().all(|it| it.contains(&format!("Bearer {KEY}"))));
    assert!(heard[0].contains("\"top_p\":0.9") && !heard[5].contains("top_p"), "{}", heard[5]);
}

#[test]
fn what_is_refused_is_told_without_the_key() {
    let denied = format!("{KEY} is no key");
    let (base, server) = serve(vec![Some(("401 Unauthorized", denied))]);
    let mut pauses = Kept::default();
    let mut endpoint = Endpoint::new(HttpPost::new(&base, Some(KEY.to_owned())), &mut pauses, 1);
    let error = endpoint.complete(&Request::asking("m", "q")).expect_err("it is refused");
    assert!(matches!(error, ChatError::Status { status: 401, .. }), "{error}");
    assert!(!error.to_string().contains(KEY), "{error}");
    server.join().expect("it ends");
    // Nobody listens any more.
    let error = endpoint.complete(&Request::asking("m", "q")).expect_err("nobody is there");
    assert!(matches!(error, ChatError::GaveUp { tries: 7, .. }), "{error}");
    assert!(!error.to_string().contains(KEY), "{error}");
}
