package org.wucme.store.testing;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.challenge.Lease;
import org.wucme.store.CertificateStore;
import org.wucme.store.StoreConflictException;

/** Makes a store's leases get lost when a test says so, whatever store that is. Thread-safe. */
public final class LeaseLosingStore {

    private final CertificateStore inner;
    private final CertificateStore losing;
    private final List<LosableLease> leases = new ArrayList<>();

    /** Over a store, to which all calls go. */
    public LeaseLosingStore(CertificateStore store) {
        this.inner = store;
        this.losing = StoreProxy.of(this::call);
    }

    /** The store whose leases can get lost. */
    public CertificateStore store() {
        return losing;
    }

    /** Loses all leases that are held now. Others can claim them. */
    public void loseAll() {
        lose(name -> true);
    }

    /** Loses the leases whose names fit. */
    public void lose(Predicate<String> names) {
        List<LosableLease> lost;
        synchronized (leases) {
            lost = leases.stream().filter(lease -> names.test(lease.name())).toList();
            leases.removeAll(lost);
        }
        lost.forEach(LosableLease::lose);
    }

    private @Nullable Object call(Method method, @Nullable Object[] arguments) throws Throwable {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] instanceof LosableLease lease) {
                arguments[i] = lease.held();
            }
        }
        Object result = StoreProxy.invoke(inner, method, arguments);
        return method.getName().equals("lease") && result instanceof Optional<?> claimed
                ? claimed.map(lease -> losable((Lease) lease))
                : result;
    }

    private Lease losable(Lease lease) {
        LosableLease losable = new LosableLease(lease);
        synchronized (leases) {
            leases.add(losable);
        }
        return losable;
    }

    private static final class LosableLease implements Lease {

        private final Lease inner;
        private final List<Runnable> onLost = new ArrayList<>();
        private boolean isLost;

        LosableLease(Lease inner) {
            this.inner = inner;
        }

        private void lose() {
            List<Runnable> actions;
            synchronized (this) {
                actions = isLost || !inner.isHeld() ? List.of() : List.copyOf(onLost);
                isLost = true;
            }
            inner.close();
            actions.forEach(Runnable::run);
        }

        private synchronized Lease held() throws StoreConflictException {
            if (isLost) {
                throw new StoreConflictException("the lease " + name() + " is lost: nothing was changed");
            }
            return inner;
        }

        @Override
        public String name() {
            return inner.name();
        }

        @Override
        public long token() {
            return inner.token();
        }

        @Override
        public synchronized boolean isHeld() {
            return !isLost && inner.isHeld();
        }

        @Override
        public void onLost(Runnable action) {
            boolean isTooLate;
            synchronized (this) {
                isTooLate = isLost;
                onLost.add(action);
            }
            inner.onLost(action);
            if (isTooLate) {
                action.run();
            }
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
