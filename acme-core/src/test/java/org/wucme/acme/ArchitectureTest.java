package org.wucme.acme;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the house that the compiler does not check. */
class ArchitectureTest {

    private static final String[] EXPORTED = {"org.wucme.acme", "org.wucme.acme.challenge", "org.wucme.acme.pki"};
    private static final List<String> HIDDEN_LIBRARIES = List.of(
            "com.fasterxml.", "com.nimbusds.", "org.bouncycastle.", "kotlin.", "okio.", "org.wucme.acme.internal.");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.wucme.acme");

    @Test
    void noLibraryShowsInThePublicApi() {
        classes()
                .that(arePublicApi())
                .should(haveNoHiddenTypesInTheirSignatures())
                .check(CLASSES);
    }

    @Test
    void nobodyExtendsWhatWasNotMadeForIt() {
        classes().that(arePublicApi()).should(beClosedOrAContract()).check(CLASSES);
    }

    @Test
    void thePackagesBelowDoNotKnowTheClient() {
        noClasses()
                .that()
                .resideInAnyPackage("org.wucme.acme.internal..", "org.wucme.acme.challenge", "org.wucme.acme.pki")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(AcmeClient.class, Account.class)
                .check(CLASSES);
    }

    @Test
    void theInternalPackagesHaveNoCycles() {
        slices().matching("org.wucme.acme.internal.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    /** What obtain asks of the CA, every caller can ask. */
    @Test
    void obtainIsWrittenWithPublicStepsAlone() {
        classes()
                .that()
                .belongToAnyOf(Issuance.class, Validation.class)
                .should(useOnlyPublicMembersOf(Account.class, AcmeClient.class))
                .check(CLASSES);
    }

    @Test
    void whatAccountAndClientAreMadeOfDoesNotCallThemBack() {
        noClasses()
                .that()
                .resideInAPackage("org.wucme.acme")
                .and()
                .arePackagePrivate()
                .and()
                .doNotBelongToAnyOf(
                        Account.class,
                        AcmeClient.class,
                        Issuance.class,
                        Validation.class,
                        KeyRollover.class,
                        RenewalInfoRequest.class)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(AcmeClient.class, Account.class)
                .because("they are given functions; the two that go all the way are built upon the account's public"
                        + " steps, and a key change makes another account")
                .check(CLASSES);
    }

    private static ArchCondition<JavaClass> useOnlyPublicMembersOf(Class<?>... types) {
        return new ArchCondition<>("use only public members of " + List.of(types)) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getAccessesFromSelf().stream()
                        .filter(access -> Stream.of(types)
                                .anyMatch(owner -> access.getTargetOwner().isEquivalentTo(owner)))
                        .filter(access -> access.getTarget()
                                .resolveMember()
                                .filter(member -> member.getModifiers().contains(JavaModifier.PUBLIC))
                                .isEmpty())
                        .forEach(access -> violated(events, type, access.getDescription()));
            }
        };
    }

    @Test
    void eachLibraryHasOneHome() {
        onlyIn("com.fasterxml.jackson..", "org.wucme.acme.internal.json");
        onlyIn("com.nimbusds..", "org.wucme.acme.internal.jose");
        onlyIn("org.bouncycastle..", "org.wucme.acme.pki");
    }

    private void onlyIn(String library, String home) {
        noClasses()
                .that()
                .resideOutsideOfPackage(home)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CLASSES);
    }

    @Test
    void nothingIsLookedUpInTheDns() {
        noClasses()
                .that()
                .doNotHaveSimpleName("TlsAlpn01")
                .and()
                .doNotHaveSimpleName("ServerNames")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(InetAddress.class)
                .because("TlsAlpn01 alone needs the octets of an address, which it has made sure is one; ServerNames"
                        + " hands on addresses that it is given, as a factory of sockets must")
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> arePublicApi() {
        return DescribedPredicate.describe(
                "are public in an exported package",
                type -> type.getModifiers().contains(JavaModifier.PUBLIC)
                        && List.of(EXPORTED).contains(type.getPackageName()));
    }

    private static ArchCondition<JavaClass> haveNoHiddenTypesInTheirSignatures() {
        return new ArchCondition<>("show no type of a library") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                Stream<JavaClass> supertypes =
                        Stream.concat(type.getAllRawSuperclasses().stream(), type.getAllRawInterfaces().stream());
                supertypes
                        .filter(ArchitectureTest::isHidden)
                        .forEach(hidden -> violated(events, type, "extends " + hidden.getName()));
                for (JavaMember member : type.getMembers()) {
                    if (isVisible(member)) {
                        signature(member)
                                .flatMap(part -> part.getAllInvolvedRawTypes().stream())
                                .filter(ArchitectureTest::isHidden)
                                .forEach(hidden ->
                                        violated(events, type, member.getFullName() + " shows " + hidden.getName()));
                    }
                }
            }
        };
    }

    private static boolean isVisible(JavaMember member) {
        return member.getModifiers().contains(JavaModifier.PUBLIC)
                || member.getModifiers().contains(JavaModifier.PROTECTED);
    }

    private static Stream<JavaType> signature(JavaMember member) {
        if (member instanceof JavaCodeUnit code) {
            return Stream.of(
                            Stream.of(code.getReturnType()),
                            code.getParameterTypes().stream(),
                            code.getExceptionTypes().stream().map(JavaType.class::cast))
                    .flatMap(parts -> parts);
        }
        return Stream.of(((JavaField) member).getType());
    }

    private static boolean isHidden(JavaClass type) {
        return HIDDEN_LIBRARIES.stream().anyMatch(type.getBaseComponentType().getName()::startsWith);
    }

    private static ArchCondition<JavaClass> beClosedOrAContract() {
        return new ArchCondition<>("be final, an interface or an exception") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean fits = type.isInterface()
                        || type.isEnum()
                        || type.getModifiers().contains(JavaModifier.FINAL)
                        || type.isAssignableTo(Exception.class);
                if (!fits) {
                    violated(events, type, "can be extended");
                }
            }
        };
    }

    private static void violated(ConditionEvents events, JavaClass type, String what) {
        events.add(SimpleConditionEvent.violated(type, type.getName() + ": " + what));
    }
}
