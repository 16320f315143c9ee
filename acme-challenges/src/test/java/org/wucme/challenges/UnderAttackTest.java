package org.wucme.challenges;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.CertificateRequest;
import org.wucme.acme.Identifier;
import org.wucme.acme.Registration;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.pki.KeyType;
import org.wucme.challenges.http.Http01Server;
import org.wucme.challenges.tlsalpn.TlsAlpn01Server;
import org.wucme.testing.SlowClients;
import org.wucme.testing.ca.TestCa;

/** A CA validates names while thousands of slow clients hold all the connections they can get. */
class UnderAttackTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int CLIENTS = 4000;
    private static final byte[] HALF_HELLO = {22, 3, 1};

    private final TestCa ca = TestCa.start();
    private AcmeClient client;
    private Account account;

    @BeforeEach
    void register() throws IOException {
        client = AcmeClient.builder(new Ca("test", ca.directoryUrl()))
                .trustedRoots(List.of(ca.tlsRoot()))
                .build();
        account = client.register(Registration.with(KeyType.EC_P256.generate()).agreeToTerms());
    }

    @AfterEach
    void close() {
        client.close();
        ca.close();
    }

    private static SlowClients attack(int port, int addresses, byte... beginning) throws IOException {
        return SlowClients.attack(port, SlowClients.sources(SlowClients.possible(CLIENTS), addresses), beginning);
    }

    private void assertIssues(ChallengeSolver solver) throws IOException {
        Set<Identifier> names = account.obtain(CertificateRequest.of("a.example", "b.example"), solver)
                .chain()
                .identifiers();

        assertThat(names).containsExactlyInAnyOrder(Identifier.of("a.example"), Identifier.of("b.example"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 200})
    void http01IsValidated(int addresses) throws IOException {
        try (Http01Server server = Http01Server.open(ANY_PORT);
                SlowClients slow = attack(server.port(), addresses, (byte) 'G', (byte) 'E', (byte) 'T')) {
            ca.validateHttp01At(server.port());
            assertIssues(server);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 200})
    void tlsAlpn01IsValidated(int addresses) throws IOException {
        try (TlsAlpn01Server server = TlsAlpn01Server.open(ANY_PORT);
                SlowClients slow = attack(server.port(), addresses, HALF_HELLO)) {
            ca.validateTlsAlpn01At(server.port());
            assertIssues(server);
        }
    }
}
