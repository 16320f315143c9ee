package org.wucme.acme.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.wucme.acme.Identifier;

class ChainAssemblyTest {

    private static final KeyPair ROOT_KEY = KeyType.EC_P256.generate();
    private static final KeyPair UPPER_KEY = KeyType.EC_P256.generate();
    private static final KeyPair ISSUER_KEY = KeyType.EC_P256.generate();
    private static final KeyPair OTHER_KEY = KeyType.EC_P256.generate();
    private static final KeyPair KEY = KeyType.EC_P256.generate();

    private static final X509Certificate LEAF = leaf("a.example", KEY);
    private static final X509Certificate ISSUER = authority("CN=issuer", ISSUER_KEY, "CN=upper", UPPER_KEY);
    private static final X509Certificate UPPER = authority("CN=upper", UPPER_KEY, "CN=root", ROOT_KEY);
    private static final X509Certificate ROOT = authority("CN=root", ROOT_KEY, "CN=root", ROOT_KEY);
    private static final X509Certificate OTHER_ROOT = authority("CN=other", OTHER_KEY, "CN=other", OTHER_KEY);
    private static final X509Certificate OTHER_LEAF = leaf("b.example", OTHER_KEY);

    @Test
    void aChainStaysAsItIsWithItsRoot() {
        List<X509Certificate> chain = List.of(LEAF, ISSUER, UPPER, ROOT);
        for (int length = 1; length <= chain.size(); length++) {
            ChainAssembly assembly = ChainAssembly.above(LEAF, chain.subList(0, length));
            assertThat(assembly.chain().certificates()).isEqualTo(chain.subList(0, length));
            assertThat(assembly.remark()).isEmpty();
        }
    }

    @Property(tries = 200)
    void theOrderIsThatOfTheSignaturesWhateverElseIsThere(@ForAll long seed) {
        List<X509Certificate> certificates =
                new ArrayList<>(List.of(LEAF, ISSUER, UPPER, ROOT, OTHER_ROOT, OTHER_LEAF, ISSUER));
        Collections.shuffle(certificates, new Random(seed));

        ChainAssembly assembly = ChainAssembly.above(LEAF, certificates);

        assertThat(assembly.chain().certificates()).containsExactly(LEAF, ISSUER, UPPER, ROOT);
        assertThat(assembly.surplus()).containsExactlyInAnyOrder(OTHER_ROOT, OTHER_LEAF, ISSUER);
        assertThat(assembly.remark())
                .hasValueSatisfying(remark -> assertThat(remark).contains("CN=other", "\"CN=issuer\" (a duplicate)"));
    }

    @Test
    void onlyWhatIsOutOfOrderIsSaidToBe() {
        assertThat(ChainAssembly.above(LEAF, List.of(ISSUER, LEAF)).remark())
                .get()
                .asString()
                .contains("out of order");
        assertThat(ChainAssembly.above(LEAF, List.of(LEAF, ISSUER, ISSUER)).remark())
                .get()
                .asString()
                .contains("duplicate")
                .doesNotContain("out of order");
        assertThat(ChainAssembly.above(LEAF, List.of(LEAF, OTHER_ROOT, ISSUER)).remark())
                .get()
                .asString()
                .contains("CN=other")
                .doesNotContain("out of order");
    }

    @Test
    void whereALinkIsMissingTheChainEndsBeforeIt() {
        ChainAssembly assembly = ChainAssembly.above(LEAF, List.of(ROOT, UPPER, LEAF));
        assertThat(assembly.chain().certificates()).containsExactly(LEAF);
        assertThat(assembly.surplus()).containsExactly(ROOT, UPPER);
        assertThat(assembly.impostor()).isEmpty();
    }

    @Test
    void aCertificateWithTheNameOfTheIssuerAndAnotherKeyIsNoLink() {
        X509Certificate impostor = authority("CN=issuer", OTHER_KEY, "CN=upper", UPPER_KEY);

        ChainAssembly without = ChainAssembly.above(LEAF, List.of(LEAF, impostor));
        assertThat(without.chain().certificates()).containsExactly(LEAF);
        assertThat(without.impostor()).contains(impostor);

        ChainAssembly with = ChainAssembly.above(LEAF, List.of(LEAF, impostor, ISSUER));
        assertThat(with.chain().certificates()).containsExactly(LEAF, ISSUER);
        assertThat(with.impostor()).isEmpty();
    }

    @Test
    void ofCrossSignedAuthoritiesAWholePathIsTaken() {
        X509Certificate byOld = authority("CN=issuer", ISSUER_KEY, "CN=old root", OTHER_KEY);
        X509Certificate bySelf = authority("CN=issuer", ISSUER_KEY, "CN=issuer", ISSUER_KEY);

        assertThat(ChainAssembly.above(LEAF, List.of(bySelf, byOld, LEAF, ROOT, ISSUER, UPPER))
                        .chain()
                        .certificates())
                .containsExactly(LEAF, ISSUER, UPPER, ROOT);
        // As it came, it is a chain: the key of the third is that which signed the second.
        assertThat(ChainAssembly.above(LEAF, List.of(LEAF, bySelf, ISSUER, UPPER))
                        .chain()
                        .certificates())
                .containsExactly(LEAF, bySelf, ISSUER, UPPER);
    }

    @Test
    void authoritiesThatCertifyEachOtherEndTheSearch() {
        X509Certificate one = authority("CN=issuer", ISSUER_KEY, "CN=upper", UPPER_KEY);
        X509Certificate two = authority("CN=upper", UPPER_KEY, "CN=issuer", ISSUER_KEY);
        assertThat(ChainAssembly.above(LEAF, List.of(two, one, LEAF)).chain().certificates())
                .containsExactly(LEAF, one, two);
    }

    @Test
    void thousandsOfCertificatesTakeNoLongerThanAFewSignatures() {
        // All have the name of the issuer, and none but the last has its key.
        List<X509Certificate> hostile = new ArrayList<>(List.of(LEAF));
        X509Certificate impostor = authority("CN=issuer", OTHER_KEY, "CN=issuer", OTHER_KEY);
        IntStream.range(0, 20)
                .forEach(
                        i -> hostile.add(TestCertificates.numbered(i, "CN=issuer", OTHER_KEY, "CN=issuer", OTHER_KEY)));
        IntStream.range(0, 3000).forEach(i -> hostile.add(impostor));

        assertThat(ChainAssembly.above(LEAF, hostile).chain().certificates()).containsExactly(LEAF);
        assertThat(ChainAssembly.above(LEAF, hostile).remark()).get().asString().hasSizeLessThan(1000);
    }

    @Test
    void theLeafIsThatOfTheKey() {
        X509Certificate authority = authority("CN=mine", KEY, "CN=mine", KEY);
        List<X509Certificate> all = List.of(authority, OTHER_LEAF, LEAF, ISSUER, LEAF);

        assertThat(ChainAssembly.ofKey(KEY.getPublic(), all)).containsExactly(LEAF, authority);
        assertThat(ChainAssembly.ofKey(UPPER_KEY.getPublic(), all)).isEmpty();
    }

    @Test
    void withoutAKeyTheLeafIsWhatIsNoAuthority() {
        assertThat(ChainAssembly.leaves(List.of(ROOT, ISSUER, LEAF, LEAF, OTHER_ROOT)))
                .containsExactly(LEAF);
        assertThat(ChainAssembly.leaves(List.of(OTHER_LEAF, LEAF))).containsExactly(OTHER_LEAF, LEAF);
        assertThat(ChainAssembly.leaves(List.of(ROOT, UPPER))).containsExactly(UPPER);
        assertThat(ChainAssembly.leaves(List.of(ROOT))).containsExactly(ROOT);
    }

    @Test
    void whatACaSendsInAnyOrderIsAChain() throws Exception {
        for (List<X509Certificate> sent :
                List.of(List.of(ISSUER, LEAF), List.of(LEAF, ISSUER, ISSUER), List.of(LEAF, ISSUER, OTHER_ROOT))) {
            CertificateChain chain = CertificateChain.parse(Pem.encode(sent));
            assertThat(chain.certificates()).containsExactly(LEAF, ISSUER);
            chain.requireFor(KEY.getPublic(), List.of(Identifier.dns("a.example")), TestCertificates.FROM);
        }
    }

    @Test
    void ofTwoLeavesTheCaMeansThatOfTheKeyAndTheNames() throws Exception {
        X509Certificate old = leaf("old.example", KEY);
        CertificateChain sent = CertificateChain.parse(Pem.encode(List.of(old, OTHER_LEAF, LEAF, ISSUER)));

        assertThat(sent.inOrderFor(KEY.getPublic(), List.of(Identifier.dns("a.example")))
                        .certificates())
                .containsExactly(LEAF, ISSUER);
        assertThat(sent.inOrderFor(OTHER_KEY.getPublic(), List.of(Identifier.dns("a.example")))
                        .leaf())
                .isEqualTo(OTHER_LEAF);
        assertThat(sent.inOrderFor(ROOT_KEY.getPublic(), List.of(Identifier.dns("a.example"))))
                .isEqualTo(sent);
    }

    private static X509Certificate leaf(String name, KeyPair key) {
        return TestCertificates.unchecked(
                () -> TestCertificates.leaf(key.getPublic(), ISSUER_KEY, TestCertificates.dns(name)));
    }

    private static X509Certificate authority(String name, KeyPair key, String issuerName, KeyPair issuer) {
        return TestCertificates.numbered(7, name, key, issuerName, issuer);
    }
}
