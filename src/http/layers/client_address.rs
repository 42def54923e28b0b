//! Who asks, as far as the network tells: the peer, or what a trusted proxy says about it.
//! Holds always: a header is believed only as far as configured proxies wrote it.

use std::net::IpAddr;

use actix_web::{HttpRequest, web};
use ipnet::IpNet;

use crate::config::Server;

/// The client's address; none for connections that have none, such as those of unit tests.
#[must_use]
pub fn of(request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip().to_canonical();
    let Some(server) = request.app_data::<web::Data<Server>>() else { return Some(peer) };
    if !trusted(&server.trusted_proxies, peer) {
        return Some(peer);
    }
    // Each proxy adds at the end, so the list is read from there until an address nobody vouches for.
    let mut client = peer;
    let headers: Vec<&str> =
        request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok()).collect();
    for hop in headers.iter().rev().flat_map(|value| value.rsplit(',')) {
        let Some(address) = parse(hop.trim()) else { return Some(client) };
        client = address;
        if !trusted(&server.trusted_proxies, client) {
            return Some(client);
        }
    }
    Some(client)
}

/// The address for counting attempts and requests: one IPv6 customer has a /64 to choose from.
#[must_use]
pub fn group(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6([a, b, c, d, 0, 0, 0, 0].into())
        }
    }
}

fn trusted(proxies: &[IpNet], address: IpAddr) -> bool {
    proxies.iter().any(|network| network.contains(&address))
}

/// An address, or an address and a port as some proxies write it.
fn parse(hop: &str) -> Option<IpAddr> {
    let address = hop.parse().ok().or_else(|| Some(hop.parse::<std::net::SocketAddr>().ok()?.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn seen(peer: &str, forwarded: &[&str]) -> String {
        let server = crate::config::Config::for_tests(std::path::Path::new("unused")).server;
        let trusted_proxies = vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        let mut request = TestRequest::default()
            .peer_addr(peer.parse().unwrap())
            .app_data(web::Data::new(Server { trusted_proxies, ..server }));
        for value in forwarded {
            request = request.append_header(("X-Forwarded-For", *value));
        }
        of(&request.to_http_request()).unwrap().to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(seen("203.0.113.9:1", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1:1", &[]), "10.0.0.1");
        assert_eq!(seen("10.0.0.1:1", &["198.51.100.1, 203.0.113.9, 10.1.1.1"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1:1", &["198.51.100.1", "203.0.113.9"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1:1", &["203.0.113.9, nonsense, 10.1.1.1"]), "10.1.1.1");
        assert_eq!(seen("[::ffff:10.0.0.1]:1", &["203.0.113.9:5"]), "203.0.113.9");
        assert_eq!(seen("[fd00::1]:1", &["2001:db8::1"]), "2001:db8::1");
    }

    #[test]
    fn a_customer_of_ipv6_is_one() {
        assert_eq!(
            group("2001:db8:1:2:3:4:5:6".parse().unwrap()),
            group("2001:db8:1:2:ffff::1".parse::<IpAddr>().unwrap())
        );
    }
}
