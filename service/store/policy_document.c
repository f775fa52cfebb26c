/* SPDX-License-Identifier: Apache-2.0 */
/* The default policy, and how documents are made of documents. What they say is policy_decode.c. */
#include <sweetspot/policy_document.h>

#include <stdint.h>

static const char default_document[] =
	"{\"today\": null, \"fiscal_year_start\": \"01-01\", \"review_months\": 6, \"revenue_from\": \"auto\","
	" \"default_margin_pct\": 100, \"hour_cost\": 0, \"lines\": null, \"rates\": {}, \"key_pct\": 25, \"small_pct\": 50,"
	" \"engagement\": {\"reach\": 35, \"initiative\": 15, \"rhythm\": 20, \"orders\": 20, \"breadth\": 10},"
	" \"potential\": {\"headroom\": 50, \"white_space\": 15, \"momentum\": 15, \"fit\": 20},"
	" \"full\": {\"reach\": null, \"rhythm\": null, \"orders\": null},"
	" \"cuts\": {\"engagement\": {\"percentile\": 50}, \"potential\": {\"percentile\": 50}, \"margin\": 3},"
	" \"let_go\": {\"pct\": 10, \"tiers\": [\"service\"], \"min_tenure_days\": 180},"
	" \"criteria\": [], \"fit_threshold\": 60,"
	" \"deciders\": [\"owner\", \"founder\", \"ceo\", \"cfo\", \"coo\", \"cto\", \"president\", \"vp\", \"director\", \"decision maker\"],"
	" \"floor_deal\": null, \"floor_annual\": null, \"edges\": null, \"max_targets\": 9, \"max_leads\": 10,"
	" \"account_management_pct\": 60, \"time\": {\"maintenance\": 20, \"key\": 30, \"service\": 5, \"growth\": 45},"
	" \"shortlist_max\": 5, \"commitment_days\": 182, \"keep_days\": 365, \"event_days\": 30}";

struct text policy_document_default(void)
{
	return (struct text){default_document, sizeof(default_document) - 1};
}

/** Names of `defaults` that the object lacks; objects within are completed one level down, where sections are. */
static bool fill_in(json_t *object, const json_t *defaults, bool sections)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)defaults, name, value) {
		json_t *present = json_object_get(object, name);

		if (present == NULL && json_object_set_new(object, name, json_deep_copy(value)) != 0)
			return false;
		if (sections && json_is_object(present) && json_is_object(value) && !fill_in(present, value, false))
			return false;
	}
	return true;
}

/** Takes the reference over, also on failure. */
static json_t *complete_new(json_t *document)
{
	json_t *defaults = json_loads(default_document, 0, NULL);
	bool ok = document != NULL && defaults != NULL && (!json_is_object(document) || fill_in(document, defaults, true));

	json_decref(defaults);
	if (ok)
		return document;
	json_decref(document);
	return NULL;
}

json_t *policy_document_complete(const json_t *given)
{
	return complete_new(json_deep_copy(given));
}

/** RFC 7396, section 2. @return new; NULL when memory is short */
static json_t *merge_patch(const json_t *target, const json_t *patch)
{
	json_t *merged;
	const char *name;
	json_t *value;

	if (!json_is_object(patch))
		return json_deep_copy(patch);
	merged = json_is_object(target) ? json_copy((json_t *)(uintptr_t)target) : json_object();
	json_object_foreach((json_t *)(uintptr_t)patch, name, value) {
		if (json_is_null(value)) {
			json_object_del(merged, name);
		} else if (json_object_set_new(merged, name, merge_patch(json_object_get(merged, name), value)) != 0) {
			json_decref(merged);
			return NULL;
		}
	}
	return merged;
}

/** Who patches a percentile with a score means the score, although RFC 7396 would keep both. */
static void forget_other_rule(json_t *document, const json_t *patch, const char *cut)
{
	json_t *rule = json_object_get(json_object_get(document, "cuts"), cut);
	const json_t *said = json_object_get(json_object_get(patch, "cuts"), cut);
	bool percentile = json_object_get(said, "percentile") != NULL;
	bool score = json_object_get(said, "score") != NULL;

	if (percentile != score)
		json_object_del(rule, percentile ? "score" : "percentile");
}

json_t *policy_document_patch(const json_t *current, const json_t *patch)
{
	json_t *base = json_deep_copy(current);
	json_t *merged = base != NULL ? merge_patch(base, patch) : NULL;

	json_decref(base);
	forget_other_rule(merged, patch, "engagement");
	forget_other_rule(merged, patch, "potential");
	return complete_new(merged);
}
