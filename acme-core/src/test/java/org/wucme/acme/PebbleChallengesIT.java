package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Dns01;
import org.wucme.acme.challenge.DnsAccount01;
import org.wucme.acme.challenge.DnsChallenge;
import org.wucme.acme.challenge.DnsPersist01;
import org.wucme.acme.challenge.Presented;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.testing.Pebble;
import org.wucme.testing.RequiresPebble;
import org.wucme.testing.ca.AlpnServer;

/** Every type of challenge that Pebble has, each validated for real: for names, wildcards and addresses. */
@RequiresPebble
class PebbleChallengesIT {

    private static final String LOOPBACK_4 = "127.0.0.1";
    private static final String LOOPBACK_6 = "::1";

    private static final TxtSolver.Zone ZONE = new TxtSolver.Zone() {
        @Override
        public void add(String name, String value) throws IOException {
            pebble.setTxt(name, value);
        }

        // It can only take all values of a name away, which are of one order here, and that is done with them.
        @Override
        public void remove(String name, String value) throws IOException {
            pebble.clearTxt(name);
        }
    };

    private static Pebble pebble;

    private AcmeClient client;
    private Account account;

    @BeforeAll
    static void start() throws IOException {
        pebble = Pebble.start();
    }

    @AfterAll
    static void stop() throws IOException {
        pebble.close();
    }

    @BeforeEach
    void register() throws IOException {
        client = AcmeClient.builder(new Ca("pebble", pebble.directoryUrl()))
                .trustedRoots(List.of(pebble.tlsRoot()))
                .build();
        account = TestClients.register(client);
    }

    @AfterEach
    void close() {
        client.close();
    }

    private void assertIssues(ChallengeSolver solver, String... names) throws IOException {
        IssuedCertificate issued = account.obtain(CertificateRequest.of(names), solver);

        assertThat(issued.chain().identifiers())
                .containsExactlyInAnyOrderElementsOf(
                        List.of(names).stream().map(Identifier::of).toList());
    }

    @ParameterizedTest
    @ValueSource(classes = {Dns01.class, DnsAccount01.class, DnsPersist01.class})
    void issuesByDns(Class<? extends DnsChallenge> kind) throws IOException {
        assertIssues(new TxtSolver(kind, ZONE), "one.test", "two.test");
    }

    @ParameterizedTest
    @ValueSource(classes = {Dns01.class, DnsAccount01.class, DnsPersist01.class})
    void issuesForANameAndItsWildcardAtOnceByDns(Class<? extends DnsChallenge> kind) throws IOException {
        TxtSolver solver = new TxtSolver(kind, ZONE);

        assertIssues(solver, "wild.test", "*.wild.test");

        assertThat(solver.published()).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void issuesByHttp01() throws IOException {
        try (Http01Server server = Http01Server.start(pebble.httpPort())) {
            assertIssues(server, "http.test", LOOPBACK_4);
        }
    }

    @Test
    void issuesForAnIpv6AddressByHttp01() throws IOException {
        try (Http01Server server = Http01Server.start(at(LOOPBACK_6, pebble.httpPort()))) {
            assertIssues(server, LOOPBACK_6);
        }
    }

    @Test
    void issuesByTlsAlpn01() throws IOException {
        assertIssues(new AlpnSolver(LOOPBACK_4), "tls.test");
    }

    @ParameterizedTest
    @ValueSource(strings = {LOOPBACK_4, LOOPBACK_6})
    void issuesForAnAddressByTlsAlpn01(String address) throws IOException {
        assertIssues(new AlpnSolver(address), address);
    }

    private static InetSocketAddress at(String loopback, int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByName(loopback), port);
    }

    /** Has a server at an address, for one name at a time. */
    private record AlpnSolver(String address) implements ChallengeSolver {
        @Override
        public boolean canSolve(Challenge challenge, Identifier identifier) {
            return challenge instanceof TlsAlpn01;
        }

        @Override
        public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account)
                throws IOException {
            String answer = ((TlsAlpn01) challenge).keyAuthorization(account).value();
            try {
                AlpnServer server =
                        new AlpnServer(at(address, pebble.tlsPort()), TlsAlpn01.PROTOCOL, answer, identifier.value());
                return server::close;
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
        }
    }
}
