package io.securememory.testing;

import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips tests that are bound to Linux on every other system, and gives the reason. */
public final class LinuxOnly implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<Class<?>> type = context.getTestClass();
        if (type.isEmpty() || context.getTestMethod().isPresent()) {
            return ConditionEvaluationResult.enabled("its class decides");
        }
        return evaluate(System.getProperty("os.name"), type.get());
    }

    static ConditionEvaluationResult evaluate(String system, Class<?> type) {
        if (system.toLowerCase(Locale.ROOT).equals("linux")) {
            return ConditionEvaluationResult.enabled("this is Linux");
        }
        for (Class<?> each = type; each != null; each = each.getEnclosingClass()) {
            if (each.isAnnotationPresent(OnEverySystem.class)) {
                return ConditionEvaluationResult.enabled("runs on every system");
            }
        }
        return ConditionEvaluationResult.disabled("bound to Linux, and this is " + system);
    }
}
