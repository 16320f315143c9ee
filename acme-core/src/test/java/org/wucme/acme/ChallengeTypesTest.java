package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.DeviceAttest01;
import org.wucme.acme.challenge.Dns01;
import org.wucme.acme.challenge.DnsAccount01;
import org.wucme.acme.challenge.DnsChallenge;
import org.wucme.acme.challenge.DnsPersist01;
import org.wucme.acme.challenge.EmailReply00;
import org.wucme.acme.challenge.KeyAuthorization;
import org.wucme.acme.challenge.PersistentRecord;
import org.wucme.acme.challenge.Presented;
import org.wucme.acme.challenge.TxtRecord;
import org.wucme.acme.challenge.UnknownChallenge;
import org.wucme.acme.pki.CertificateSigningRequest;
import org.wucme.testing.ca.DnsPersistDraft;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

/** The CA really looks for the answers to challenges other than http-01, in real time. */
class ChallengeTypesTest {

    private static final String[] NAME_AND_WILDCARD = {"example.test", "*.example.test"};
    private static final Identifier DEVICE = new Identifier("permanent-identifier", "serial 1");

    private final TestCa ca = TestCa.start();
    private final TxtSolver.Zone zone = new TxtSolver.Zone() {
        @Override
        public void add(String name, String value) {
            ca.txt(name, value);
        }

        @Override
        public void remove(String name, String value) {
            ca.removeTxt(name, value);
        }
    };
    private AcmeClient client = TestClients.client(ca);
    private Account account;

    @BeforeEach
    void register() throws IOException {
        account = TestClients.register(client);
    }

    @AfterEach
    void close() {
        client.close();
        ca.close();
    }

    /** The directory tells it, so a client must begin anew. */
    private void switchToSecondGenerationOfDnsPersist() throws IOException {
        ca.dnsPersist(DnsPersistDraft.DRAFT_02);
        client.close();
        client = TestClients.client(ca);
        register();
    }

    private void provesNameAndWildcardAtOnce(Class<? extends DnsChallenge> kind) throws IOException {
        TxtSolver solver = new TxtSolver(kind, zone);

        IssuedCertificate issued = account.obtain(CertificateRequest.of(NAME_AND_WILDCARD), solver);

        assertThat(issued.chain().identifiers())
                .containsExactlyInAnyOrder(Identifier.dns("example.test"), Identifier.dns("*.example.test"));
        assertThat(solver.published()).hasSize(2).doesNotHaveDuplicates();
        assertThat(solver.published()).extracting(TxtRecord::name).containsOnly(name(solver));
        assertThat(ca.txt(name(solver))).isEmpty();
    }

    private static String name(TxtSolver solver) {
        return solver.published().get(0).name();
    }

    @ParameterizedTest
    @ValueSource(classes = {Dns01.class, DnsAccount01.class, DnsPersist01.class})
    void aNameAndItsWildcardAreProvenAtOneNameByOneSolver(Class<? extends DnsChallenge> kind) throws IOException {
        provesNameAndWildcardAtOnce(kind);
    }

    @Test
    void soTheyAreInTheSecondGenerationOfDnsPersist01() throws IOException {
        switchToSecondGenerationOfDnsPersist();

        provesNameAndWildcardAtOnce(DnsPersist01.class);
    }

    @Test
    void aPersistentRecordServesOrdersThatComeLater() throws IOException {
        switchToSecondGenerationOfDnsPersist();
        Directory directory = client.fetchDirectory();
        String prefix = Objects.requireNonNull(directory.accountHashPrefix());
        TxtRecord record = new PersistentRecord(
                        directory.issuerDomainNames().get(0),
                        PersistentRecord.hashedAccountUri(prefix, "example.test", account.identity()),
                        true,
                        client.timing().now().plusSeconds(3600))
                .at(Identifier.dns("example.test"));
        ca.txt(record.name(), record.value());

        account.obtain(CertificateRequest.of(NAME_AND_WILDCARD), new Unpublished(DnsPersist01.class));

        assertThat(ca.certificates()).hasSize(1);
        assertThat(ca.txt(record.name())).containsExactly(record.value());
    }

    @Test
    void anEmailIsProvenByAReplyToTheCasMail() throws IOException {
        Order order = account.createOrder(OrderRequest.of(List.of(new Identifier("email", "somebody@example.test"))));
        EmailReply00 challenge = challenge(order, EmailReply00.class);
        String part1 =
                EmailReply00.tokenPart1(ca.mailSubject("somebody@example.test")).orElseThrow();
        KeyAuthorization answer = challenge.keyAuthorization(part1, account.identity());
        ca.mail(EmailReply00.replySubject(part1), "> quoted\r\n" + EmailReply00.replyBody(answer) + "-- \r\nme");

        account.respond(challenge);

        assertThat(account.awaitReady(order, PollingPolicy.DEFAULT).status()).isEqualTo(OrderStatus.READY);
    }

    @Test
    void aDeviceIsProvenByAnAttestationOfTheKeyAuthorization() throws IOException {
        Order order = account.createOrder(OrderRequest.of(List.of(DEVICE)));
        DeviceAttest01 challenge = challenge(order, DeviceAttest01.class);

        account.respond(challenge, attestation(challenge, account.identity()));

        assertThat(account.awaitReady(order, PollingPolicy.DEFAULT).status()).isEqualTo(OrderStatus.READY);
    }

    @Test
    void anAttestationForAnotherAccountIsRefused() throws IOException {
        Order order = account.createOrder(OrderRequest.of(List.of(DEVICE)));
        DeviceAttest01 challenge = challenge(order, DeviceAttest01.class);

        account.respond(challenge, attestation(challenge, new AccountIdentity(account.url(), "another")));

        assertThatExceptionOfType(AcmeChallengeException.class)
                .isThrownBy(() -> account.awaitReady(order, PollingPolicy.DEFAULT))
                .withMessageContaining("not about the key authorization");
    }

    @Test
    void obtainSendsWhatAPresentationRespondsAndTakesTheRequestOfTheDevice() throws Exception {
        ChallengeSolver attesting = new Unpublished(
                DeviceAttest01.class, (challenge, account) -> attestation((DeviceAttest01) challenge, account));

        KeyPair key = TestClients.newKey();

        IssuedCertificate issued = account.obtain(
                CertificateRequest.builder(List.of(DEVICE))
                        .csr(deviceRequest(key))
                        .build(),
                attesting);

        assertThat(issued.chain().leaf().getPublicKey()).isEqualTo(key.getPublic());
        assertThat(ca.certificates()).hasSize(1);
    }

    @Test
    void aRequestForADeviceIsMadeElsewhereOrRefusedAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CertificateRequest.builder(List.of(Identifier.dns("a.example"), DEVICE))
                        .build())
                .withMessageContaining("permanent-identifier \"serial 1\"")
                .withMessageContaining("csr");
    }

    private static CertificateSigningRequest deviceRequest(KeyPair key) throws Exception {
        return CertificateSigningRequest.ofDer(
                new JcaPKCS10CertificationRequestBuilder(new X500Name("O=Example devices"), key.getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate()))
                        .getEncoded());
    }

    @Test
    void obtainAnswersAChallengeOfAnUnknownTypeIfASolverCan() throws IOException {
        ca.alwaysValid(true);
        ca.fault(
                Endpoint.AUTHORIZATION,
                Fault.json(json -> json.withObject("/challenges/1").put("type", "new-99")));

        account.obtain(CertificateRequest.of("example.test"), new Unpublished(UnknownChallenge.class));

        assertThat(ca.certificates()).hasSize(1);
    }

    private <C extends Challenge> C challenge(Order order, Class<C> kind) throws IOException {
        return account.fetchAuthorization(order.authorizations().get(0))
                .challenge(kind)
                .orElseThrow();
    }

    private static Map<String, Object> attestation(DeviceAttest01 challenge, AccountIdentity account) {
        return DeviceAttest01.response(challenge.keyAuthorization(account).digest());
    }

    /** Publishes nothing, and responds to the CA. */
    private record Unpublished(
            Class<? extends Challenge> kind, BiFunction<Challenge, AccountIdentity, Map<String, Object>> response)
            implements ChallengeSolver {

        Unpublished(Class<? extends Challenge> kind) {
            this(kind, (challenge, account) -> Map.of());
        }

        @Override
        public boolean canSolve(Challenge challenge, Identifier identifier) {
            return kind.isInstance(challenge);
        }

        @Override
        public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) {
            return new Presented() {
                @Override
                public Map<String, Object> response() {
                    return response.apply(challenge, account);
                }

                @Override
                public void close() {}
            };
        }
    }
}
