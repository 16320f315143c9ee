package org.wucme.store.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.wucme.store.CertificateStore;

/** Stores that do something of their own at each call. */
final class StoreProxy {

    private StoreProxy() {}

    /** What happens at a call instead of it. */
    interface Handler {
        @Nullable
        Object call(Method method, @Nullable Object[] arguments) throws Throwable;
    }

    static CertificateStore of(Handler handler) {
        return (CertificateStore) Proxy.newProxyInstance(
                CertificateStore.class.getClassLoader(),
                new Class<?>[] {CertificateStore.class},
                (proxy, method, arguments) -> handler.call(method, arguments == null ? new Object[0] : arguments));
    }

    static @Nullable Object invoke(CertificateStore store, Method method, @Nullable Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(store, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }
}
