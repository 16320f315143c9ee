package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.acme.Account;
import org.wucme.acme.CertificateRequest;
import org.wucme.acme.IssuedCertificate;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.RecordBuilder;
import org.wucme.store.RenewalRecord;
import org.wucme.store.TestWrites;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

/** The CA's word that a certificate is replaced already keeps two processes from renewing it twice. */
class ReplacedElsewhereTest {

    private static final String OTHER_ORDER = "https://localhost/order/of-another";

    @TempDir
    Path folder;

    private Scene scene;
    private IssuedCertificate other;

    /** What the other process does while the order is made. */
    private interface Other {
        void run() throws IOException;
    }

    @BeforeEach
    void issueAndLetTimePass() throws IOException {
        scene = new Scene(folder);
        Account account = scene.register();
        scene.manager().issue(scene.www());
        scene.time.advance(Scene.UNTIL_DUE);
        other = account.obtain(
                CertificateRequest.builder(Scene.identifiers("www.example.test"))
                        .key(KeyType.EC_P256.generate())
                        .build(),
                scene.solver);
        scene.ca.clearLog();
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    private void refuse(int status, String type, Other meanwhile) {
        scene.ca.fault(
                Endpoint.NEW_ORDER,
                Fault.problem(status, type, "replaced already").meanwhile(() -> {
                    try {
                        meanwhile.run();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));
    }

    private void renewElsewhere() throws IOException {
        TestWrites.behindLocks(
                scene.store,
                copy -> TestWrites.save(
                        copy, Scene.WWW, other.chain(), Objects.requireNonNull(other.key()), scene.record(Scene.WWW)));
    }

    private void orderElsewhere() throws IOException {
        RenewalRecord record = RecordBuilder.of(scene.record(Scene.WWW))
                .pendingOrder(OTHER_ORDER)
                .build();
        TestWrites.behindLocks(scene.store, copy -> TestWrites.saveRecord(copy, Scene.WWW, record));
    }

    @ParameterizedTest
    @CsvSource({"409, alreadyReplaced", "400, alreadyReplaced", "409, conflict", "409, malformed"})
    void whatAnotherProcessRenewedMeanwhileIsNotRenewedAgain(int status, String type) throws IOException {
        refuse(status, type, this::renewElsewhere);

        List<Outcome> outcomes = scene.manager().renewDue();

        assertThat(outcomes).singleElement().isInstanceOf(Outcome.Current.class);
        assertThat(scene.ca.count(Endpoint.NEW_ORDER)).isOne();
        assertThat(Scene.leaf(scene.stored(Scene.WWW))).isEqualTo(other.chain().leaf());
        assertThat(scene.record(Scene.WWW).attempts().failures()).isZero();
    }

    @Test
    void whatAnotherProcessHasAnOrderForIsLeftToIt() throws IOException {
        refuse(409, "alreadyReplaced", this::orderElsewhere);

        List<Outcome> outcomes = scene.manager().renewDue();

        assertThat(outcomes).singleElement().isInstanceOf(Outcome.Failed.class);
        assertThat(scene.ca.count(Endpoint.NEW_ORDER)).isOne();
        assertThat(scene.record(Scene.WWW).attempts().pendingOrder()).isEqualTo(OTHER_ORDER);
        assertThat(scene.record(Scene.WWW).attempts().failures()).isZero();
    }

    @Test
    void whatIsStillOursIsRenewedWithoutItsPredecessor() throws IOException {
        refuse(409, "alreadyReplaced", () -> {});

        List<Outcome> outcomes = scene.manager().renewDue();

        assertThat(outcomes).singleElement().isInstanceOf(Outcome.Obtained.class);
        assertThat(scene.ca.payloads(Endpoint.NEW_ORDER))
                .extracting(payload -> payload.contains("replaces"))
                .containsExactly(true, false);
    }

    @ParameterizedTest
    @CsvSource({"400, malformed", "404, malformed", "403, unauthorized", "422, invalidReplaces"})
    void anyOtherRefusalOfThePredecessorAsksNobodyElse(int status, String type) throws IOException {
        refuse(status, type, () -> {});

        assertThat(scene.manager().renewDue()).singleElement().isInstanceOf(Outcome.Obtained.class);
        assertThat(scene.ca.count(Endpoint.NEW_ORDER)).isEqualTo(2);
    }

    @Test
    void aReissueThatIsLateSaysSoAndOrdersNothing() throws IOException {
        refuse(409, "alreadyReplaced", this::renewElsewhere);

        assertThatThrownBy(() -> scene.manager().reissue(scene.www()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(Scene.WWW)
                .hasMessageContaining("another process");
        assertThat(scene.ca.count(Endpoint.NEW_ORDER)).isOne();
        assertThat(Scene.leaf(scene.stored(Scene.WWW))).isEqualTo(other.chain().leaf());
    }

    @Test
    void anIssueThatIsLateFindsWhatIsThere() throws IOException {
        refuse(409, "alreadyReplaced", this::renewElsewhere);

        assertThat(scene.manager().issue(scene.www())).isInstanceOf(Outcome.Current.class);
    }
}
