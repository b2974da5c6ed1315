package io.securememory.spring.boot.secrets;

import io.securememory.spring.boot.secrets.SecretLocation.OfOrigin;
import io.securememory.spring.boot.sources.HttpOrigin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts the secrets that are sent as tokens before those that are read with them. */
final class LoadOrder {

    private final Map<String, SecretDeclaration> byName = new LinkedHashMap<>();
    private final Set<SecretDeclaration> ordered = new LinkedHashSet<>();

    private LoadOrder(List<SecretDeclaration> declarations) {
        declarations.forEach(one -> byName.put(one.name(), one));
    }

    /**
     * Returns the same declarations in an order in which they can be loaded.
     *
     * @throws io.securememory.spring.boot.DeclaredSecretException if there is none
     */
    static List<SecretDeclaration> of(List<SecretDeclaration> declarations) {
        LoadOrder order = new LoadOrder(declarations);
        declarations.forEach(one -> order.add(one, new ArrayList<>()));
        return List.copyOf(order.ordered);
    }

    private void add(SecretDeclaration declaration, List<String> waiting) {
        if (waiting.contains(declaration.name())) {
            throw SecretFailures.circle(waiting);
        }
        String token = token(declaration);
        SecretDeclaration first = token == null ? null : byName.get(token);
        if (first != null && !ordered.contains(first)) {
            waiting.add(declaration.name());
            add(first, waiting);
        }
        ordered.add(declaration);
    }

    private static @Nullable String token(SecretDeclaration declaration) {
        return declaration.location() instanceof OfOrigin other && other.origin() instanceof HttpOrigin http
                ? http.token()
                : null;
    }
}
