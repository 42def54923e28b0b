//! Large bodies in slices: what the framework is given at once, it copies at once into the connection's buffer.
//! Holds always: a client that does not read costs one slice of memory, and never a second copy of its answer.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::web::Bytes;

/// Half of what the framework gathers before it waits for the client.
const SLICE: usize = 16 * 1024;

struct Slices(Bytes);

impl MessageBody for Slices {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(u64::try_from(self.0.len()).unwrap_or(u64::MAX))
    }

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        let next = self.0.len().min(SLICE);
        Poll::Ready((next > 0).then(|| Ok(self.0.split_to(next))))
    }
}

/// The same answer; its body goes out in slices when it is a large one that lies in memory.
pub(super) fn slice(response: HttpResponse) -> HttpResponse {
    response.map_body(|_, body| match body.try_into_bytes() {
        Ok(bytes) if bytes.len() > SLICE => BoxBody::new(Slices(bytes)),
        Ok(bytes) => BoxBody::new(bytes),
        Err(body) => body,
    })
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;

    use super::*;

    #[actix_web::test]
    async fn all_of_a_body_comes_in_its_order() {
        for length in [0, 1, SLICE, SLICE + 1, SLICE * 5 + 7] {
            let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(length).collect();
            let sliced = slice(HttpResponse::Ok().body(bytes.clone()));
            assert_eq!(sliced.body().size(), BodySize::Sized(u64::try_from(length).unwrap()));
            assert_eq!(to_bytes(sliced.into_body()).await.unwrap(), bytes);
        }
    }
}
