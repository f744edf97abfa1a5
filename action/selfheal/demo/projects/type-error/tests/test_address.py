from endpoints.address import host_of, port_of


def test_the_host_is_found():
    assert host_of("https://example.org/feed") == "example.org"


def test_an_explicit_port_wins():
    assert port_of("https://example.org:8443/feed") == 8443


def test_the_scheme_tells_the_default_port():
    assert port_of("https://example.org/feed") == 443
