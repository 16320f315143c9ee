package org.wucme.testing.junit;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.wucme.testing.ca.TestCa;
import org.wucme.testing.dns.TestDns;

/**
 * Hands a {@link TestCa} and a {@link TestDns} to the tests, constructors and life-cycle methods that have a parameter of these
 * types. One of each is started when it is first asked for, and closed after the test, or after the class where a constructor or
 * a {@code @BeforeAll} method asked. Needs JUnit 5.13 or newer.
 *
 * <pre>{@code
 * @ExtendWith(AcmeTesting.class)
 * class MyClientTest {
 *     @Test
 *     void obtains(TestCa ca) {
 *         ca.alwaysValid(true);
 *         // a client of ca.directoryUrl() that trusts ca.tlsRoot()
 *     }
 * }
 * }</pre>
 *
 * With options: {@code @RegisterExtension static AcmeTesting testing = AcmeTesting.with(ca -> ca.profile("short", "six days"));}
 */
public final class AcmeTesting implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(AcmeTesting.class);

    private final UnaryOperator<TestCa.Builder> options;

    /** With the defaults of {@link TestCa#builder}. */
    public AcmeTesting() {
        this(UnaryOperator.identity());
    }

    private AcmeTesting(UnaryOperator<TestCa.Builder> options) {
        this.options = options;
    }

    /** With a CA that has these options. */
    public static AcmeTesting with(UnaryOperator<TestCa.Builder> options) {
        return new AcmeTesting(options);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == TestCa.class || type == TestDns.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        AutoCloseable server = context.getStore(NAMESPACE).getOrComputeIfAbsent(type, this::start, AutoCloseable.class);
        if (server == null) {
            throw new ParameterResolutionException(type + " was not started");
        }
        return server;
    }

    private AutoCloseable start(Class<?> type) {
        return type == TestDns.class
                ? TestDns.start()
                : options.apply(TestCa.builder()).start();
    }
}
