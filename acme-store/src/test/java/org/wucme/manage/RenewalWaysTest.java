package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.CaQuirk;
import org.wucme.acme.OrderRate;
import org.wucme.acme.PollingPolicy;
import org.wucme.acme.RenewalTime;
import org.wucme.acme.RevocationReason;
import org.wucme.store.AriChoice;
import org.wucme.store.CertificateSpec;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

/** When a CA suggests a renewal, where it is asked for, and with which key. */
class RenewalWaysTest {

    @TempDir
    Path folder;

    private Scene scene;

    @BeforeEach
    void open() throws IOException {
        scene = new Scene(folder);
        scene.register();
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    @Test
    void whatTheCaSuggestsIsKeptAndNotAskedForAgainTooSoon() throws IOException {
        scene.manager().issue(scene.www());
        scene.time.advance(Duration.ofDays(1));

        asking().renewDue();
        asking().renewDue();

        assertThat(scene.ca.count(Endpoint.RENEWAL_INFO)).isOne();
        RenewalTime time = Objects.requireNonNull(choice().time());
        assertThat(time.chosen()).isBetween(time.windowStart(), time.windowEnd());
        scene.time.advance(Duration.ofHours(7));
        asking().renewDue();
        assertThat(scene.ca.count(Endpoint.RENEWAL_INFO)).isEqualTo(2);
        assertThat(choice().time()).isEqualTo(time);
    }

    @Test
    void aWindowThatMovesIntoThePastMakesItDueAndTheOrderSaysWhatItReplaces() throws IOException {
        scene.manager().issue(scene.www());
        X509Certificate leaf = leaf();
        scene.time.advance(Duration.ofDays(1));
        Instant now = scene.time.instant();
        scene.ca.renewalWindow(leaf, now.minus(Duration.ofHours(2)), now.minus(Duration.ofHours(1)));

        assertThat(asking().renewDue()).hasOnlyElementsOfType(Outcome.Obtained.class);

        assertThat(scene.ca.payloads(Endpoint.NEW_ORDER).get(1)).contains(TestCa.renewalId(leaf));
        assertThat(leaf()).isNotEqualTo(leaf);
        assertThat(scene.record(Scene.WWW).renewalInfo()).isNull();
    }

    @Test
    void withoutAnAnswerItIsRenewedByItsLifetime() throws IOException {
        scene.manager().issue(scene.www());
        scene.time.advance(Scene.UNTIL_DUE);
        scene.ca.fault(Endpoint.RENEWAL_INFO, Fault.status(500, "text/html", "no"), 100);

        assertThat(asking().renewDue()).hasOnlyElementsOfType(Outcome.Obtained.class);
    }

    @Test
    void aRenewalHasANewKeyUnlessTheOldOneIsToBeKept() throws IOException {
        scene.manager().issue(scene.www());
        scene.manager().issue(scene.wanted("kept.test").keyReuse(true).build());
        PublicKey old = leaf().getPublicKey();
        PublicKey kept = Scene.leaf(scene.stored("KEPT_TEST")).getPublicKey();
        scene.time.advance(Scene.UNTIL_DUE);

        scene.manager().renewDue();

        assertThat(leaf().getPublicKey()).isNotEqualTo(old);
        assertThat(Scene.leaf(scene.stored("KEPT_TEST")).getPublicKey()).isEqualTo(kept);
        assertThat(scene.ca.certificates()).hasSize(4);
    }

    @Test
    void afterACompromiseItIsRenewedAtOnceWithANewKeyWhateverElseWasWanted() throws IOException {
        scene.manager().issue(scene.www().toBuilder().keyReuse(true).build());
        X509Certificate old = leaf();

        scene.manager().revoke(old, null, Ca.of(scene.ca.directoryUrl()), RevocationReason.KEY_COMPROMISE);
        assertThat(scene.record(Scene.WWW).origin().keyCompromised()).isTrue();
        scene.manager().renewDue();

        assertThat(leaf().getPublicKey()).isNotEqualTo(old.getPublicKey());
        assertThat(scene.record(Scene.WWW).origin().keyCompromised()).isFalse();
        assertThat(scene.record(Scene.WWW).spec().keyReuse()).isTrue();
    }

    @Test
    void afterManyFailuresAnotherCaStandsInAndTheNextRenewalBeginsWithItsOwn() throws IOException {
        scene.manager().issue(scene.www());
        scene.time.advance(Scene.UNTIL_DUE);
        scene.ca.block("www.example.test");
        try (TestCa second = second();
                CertificateManager manager = with(second)
                        .furtherCas(List.of(Ca.of(second.directoryUrl())), 2)
                        .build()) {
            assertThat(manager.renewDue()).hasOnlyElementsOfType(Outcome.Failed.class);
            scene.time.advance(Duration.ofDays(1));
            assertThat(manager.renewDue()).hasOnlyElementsOfType(Outcome.Failed.class);
            assertThat(second.orders()).isEmpty();
            scene.time.advance(Duration.ofDays(1));
            assertThat(manager.renewDue()).hasOnlyElementsOfType(Outcome.Obtained.class);

            assertThat(second.certificates()).containsExactly(leaf());
            assertThat(scene.record(Scene.WWW).issuer()).isEqualTo(second.directoryUrl());
            assertThat(scene.record(Scene.WWW).spec().directoryUrl()).isEqualTo(scene.ca.directoryUrl());
        }
    }

    @Test
    void afterAFailureTheTestCaMustBePassedFirst() throws IOException {
        scene.manager().issue(scene.www());
        scene.time.advance(Scene.UNTIL_DUE);
        scene.ca.block("www.example.test");
        try (TestCa test = second();
                CertificateManager manager = with(test)
                        .testCa(Ca.of(scene.ca.directoryUrl()), Ca.of(test.directoryUrl()))
                        .build()) {
            manager.renewDue();
            assertThat(test.orders()).isEmpty();
            long orders = scene.ca.count(Endpoint.NEW_ORDER);
            test.block("www.example.test");
            scene.time.advance(Duration.ofDays(1));

            assertThat(manager.renewDue()).hasOnlyElementsOfType(Outcome.Failed.class);

            assertThat(test.count(Endpoint.NEW_ORDER)).isPositive();
            assertThat(scene.ca.count(Endpoint.NEW_ORDER)).isEqualTo(orders);
        }
    }

    @Test
    void openCasAreSentTenOrdersInTenSecondsAtMostEach() throws IOException {
        OrderThrottle throttle = new OrderThrottle(scene.time, Map.of());
        for (Ca ca : Ca.presets().stream()
                .filter(ca -> !ca.has(CaQuirk.PRIVATE_ROOT))
                .toList()) {
            assertThat(timeOf(25, throttle, ca)).as(ca.name()).isEqualTo(Duration.ofSeconds(20));
        }
    }

    @Test
    void privateCasAreSentOrdersWithoutAPause() throws IOException {
        OrderThrottle throttle = new OrderThrottle(scene.time, Map.of());
        Ca named = Ca.of("https://ca.example.test/acme/directory");
        Ca stepCa = Ca.stepCa("ca", "https://step.example.test/acme/acme/directory");

        for (Ca ca : List.of(named, stepCa, Ca.PEBBLE)) {
            assertThat(timeOf(1_000, throttle, ca)).as(ca.name()).isZero();
        }
    }

    @Test
    void theRateOfACaIsASetting() throws IOException {
        Ca slow = Ca.of("https://ca.example.test/acme/directory");
        OrderThrottle throttle = new OrderThrottle(
                scene.time,
                Map.of(
                        slow.directoryUrl(),
                        new OrderRate(2, Duration.ofMinutes(1)),
                        Ca.LETS_ENCRYPT.directoryUrl(),
                        OrderRate.UNLIMITED));

        assertThat(timeOf(5, throttle, slow)).isEqualTo(Duration.ofMinutes(2));
        assertThat(timeOf(100, throttle, Ca.LETS_ENCRYPT)).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> new OrderRate(0, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> new OrderRate(1, Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scene.configured(scene.store)
                        .orderRate(slow, OrderRate.USUAL)
                        .orderRate(slow, OrderRate.UNLIMITED));
    }

    private Duration timeOf(int orders, OrderThrottle throttle, Ca ca) throws IOException {
        Instant begun = scene.time.instant();
        for (int i = 0; i < orders; i++) {
            throttle.await(throttle.takeTurn(ca), ca);
        }
        return Duration.between(begun, scene.time.instant());
    }

    @Test
    void aManagerObtainsManyCertificatesOfAPrivateCaAtOnceUnlessToldOtherwise() throws IOException {
        Ca ca = Ca.of(scene.ca.directoryUrl());
        CertificateManager.Builder slow =
                scene.configured(scene.store).orderRate(ca, new OrderRate(1, Duration.ofMinutes(1)));

        assertThat(timeOfIssuing("a%d.test", scene.manager())).isLessThan(Duration.ofSeconds(5));
        assertThat(timeOfIssuing("b%d.test", scene.manager(slow))).isGreaterThan(Duration.ofMinutes(10));
    }

    private Ca rareOrders() {
        OrderRate rate = new OrderRate(1, Duration.ofMinutes(1));
        return new Ca("ours", scene.ca.directoryUrl(), PollingPolicy.DEFAULT, Set.of(), rate);
    }

    @Test
    void theOrderRateOfTheCaThatIsHandedInIsKept() throws IOException {
        CertificateManager.Builder slow = scene.configured(scene.store).ca(rareOrders());

        assertThat(timeOfIssuing("a%d.test", scene.manager(slow))).isGreaterThan(Duration.ofMinutes(10));
    }

    private static List<BiConsumer<CertificateManager.Builder, Ca>> placesForCas() {
        Ca other = Ca.of("https://other.example.test/directory");
        return List.of(
                (builder, ca) -> builder.ca(ca),
                (builder, ca) -> builder.furtherCas(other, ca),
                (builder, ca) -> builder.testCa(ca, other),
                (builder, ca) -> builder.testCa(other, ca));
    }

    @ParameterizedTest
    @MethodSource("placesForCas")
    void aCaThatIsHandedInIsNotMadeAgainOfItsUrl(BiConsumer<CertificateManager.Builder, Ca> place) throws IOException {
        Ca given = rareOrders();
        List<Ca> connected = new ArrayList<>();
        CertificateManager.Builder builder = scene.configured(scene.store).connect(ca -> {
            connected.add(ca);
            return scene.connect(ca);
        });
        place.accept(builder, given);

        scene.manager(builder).issue(scene.www());

        assertThat(connected).isNotEmpty().allSatisfy(ca -> assertThat(ca).isSameAs(given));
    }

    private static List<ThrowingBiConsumer<CertificateManager, CertificateSpec>> usesOfSpecs() {
        return List.of(
                CertificateManager::issue,
                CertificateManager::reissue,
                CertificateManager::rehearse,
                (manager, spec) -> {
                    manager.issue(spec);
                    X509Certificate leaf = Objects.requireNonNull(manager.findCurrent(spec)
                                    .orElseThrow()
                                    .certificate()
                                    .chain())
                            .leaf();
                    manager.revoke(leaf, null, spec.ca(), RevocationReason.SUPERSEDED);
                });
    }

    private interface ThrowingBiConsumer<A, B> {
        void accept(A first, B second) throws IOException;
    }

    @ParameterizedTest
    @MethodSource("usesOfSpecs")
    void theCaOfARequestIsUsed(ThrowingBiConsumer<CertificateManager, CertificateSpec> use) throws IOException {
        Ca given = rareOrders();
        List<Ca> connected = new ArrayList<>();
        CertificateManager manager = scene.manager(recording(connected).ca(Ca.of(scene.ca.directoryUrl())));

        use.accept(manager, scene.www().toBuilder().ca(given).build());

        assertThat(connected).hasSize(1).allSatisfy(ca -> assertThat(ca).isSameAs(given));
    }

    @Test
    void renewalsUseTheCaOfTheRequest() throws IOException {
        Ca given = rareOrders();
        List<Ca> connected = new ArrayList<>();
        CertificateManager manager = scene.manager(recording(connected).renewalInfo(false));
        manager.issue(scene.www().toBuilder().ca(given).build());
        scene.time.advance(Scene.UNTIL_DUE);

        assertThat(manager.renewDue()).hasOnlyElementsOfType(Outcome.Obtained.class);

        assertThat(connected).hasSize(1).allSatisfy(ca -> assertThat(ca).isSameAs(given));
    }

    private CertificateManager.Builder recording(List<Ca> connected) {
        return scene.configured(scene.store).connect(ca -> {
            connected.add(ca);
            return scene.connect(ca);
        });
    }

    private Duration timeOfIssuing(String names, CertificateManager manager) throws IOException {
        Instant begun = scene.time.instant();
        for (int i = 0; i < 12; i++) {
            manager.issue(scene.wanted(names.formatted(i)).build());
        }
        return Duration.between(begun, scene.time.instant());
    }

    @Test
    void aPrivateCaThatWantsToBeAskedLaterIsObeyed() throws IOException {
        scene.ca.fault(Endpoint.NEW_ORDER, Fault.problem(429, "rateLimited", "slow down", "Retry-After", "7"));
        Instant begun = scene.time.instant();

        scene.manager().issue(scene.www());

        assertThat(scene.time.instant()).isAfterOrEqualTo(begun.plusSeconds(7));
    }

    private TestCa second() {
        return TestCa.builder().clock(scene.time).start().alwaysValid(true).finalizeAtOnce(true);
    }

    private CertificateManager.Builder with(TestCa second) {
        return scene.configured(scene.store)
                .renewalInfo(false)
                .agreeToTerms()
                .connect(ca -> AcmeClient.builder(ca)
                        .trustedRoots(List.of(scene.ca.tlsRoot(), second.tlsRoot()))
                        .clock(scene.time)
                        .sleeper(scene.time)
                        .build());
    }

    private CertificateManager asking() {
        return scene.manager(scene.configured(scene.store));
    }

    private AriChoice choice() throws IOException {
        return Objects.requireNonNull(scene.record(Scene.WWW).renewalInfo());
    }

    private X509Certificate leaf() throws IOException {
        return Scene.leaf(scene.stored(Scene.WWW));
    }
}
