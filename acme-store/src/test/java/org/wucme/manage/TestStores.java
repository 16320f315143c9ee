package org.wucme.manage;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import org.wucme.store.CertificateStore;

/** Stores that do something of their own before they do as they are asked. */
final class TestStores {

    private static final Set<String> FREE =
            Set.of("nameOf", "directories", "answers", "records", "hashCode", "equals", "toString");

    private TestStores() {}

    interface Before {
        void call(Object[] arguments) throws Exception;
    }

    /** Calls back before every call of a method. */
    static CertificateStore before(String method, CertificateStore store, Before callback) {
        return proxy((ignored, called, arguments) -> {
            if (called.getName().equals(method)) {
                callback.call(arguments);
            }
            return invoke(called, store, arguments);
        });
    }

    /** Writes down the name of each method before it is called, but for those that read and write nothing. */
    static CertificateStore counting(CertificateStore store, Collection<String> calls) {
        return proxy((ignored, called, arguments) -> {
            if (!FREE.contains(called.getName())) {
                calls.add(called.getName());
            }
            return invoke(called, store, arguments);
        });
    }

    /** Calls back before every claim of a lease whose name begins so. */
    static CertificateStore beforeLease(String name, CertificateStore store, Before callback) {
        return before("lease", store, arguments -> {
            if (arguments[0].toString().startsWith(name)) {
                callback.call(arguments);
            }
        });
    }

    /** Tries each lock once, and waits for none. */
    static CertificateStore impatient(CertificateStore store) {
        return beforeLease("certificate/", store, arguments -> arguments[1] = Duration.ZERO);
    }

    private static CertificateStore proxy(InvocationHandler handler) {
        return (CertificateStore) Proxy.newProxyInstance(
                CertificateStore.class.getClassLoader(), new Class<?>[] {CertificateStore.class}, handler);
    }

    private static Object invoke(Method method, CertificateStore store, Object[] arguments) throws Throwable {
        try {
            return method.invoke(store, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
