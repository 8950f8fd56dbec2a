"""Markets for tests: nested lists, a plain deferred acceptance and random markets with ties and quotas."""

from hypothesis import strategies as st

from machi.joint.engine.matching import lists, market


def tiers_of(nested):
    """What the independent checker reads: of each owner, whom it listed and in which tier."""
    return [{one: tier for tier, group in enumerate(groups) for one in group} for groups in nested]


def made(experts, towns, expert_quota, town_quota, **lots):
    return market(lists(experts), lists(towns), expert_quota, town_quota, **lots)


def strict(orders):
    """Lists without ties."""
    return [[[one] for one in order] for order in orders]


@st.composite
def nested_lists(draw, owners, others, ties=True):
    result = []
    for _ in range(owners):
        order = draw(st.lists(st.integers(0, others - 1), unique=True, max_size=others))
        groups: list[list[int]] = []
        for one in order:
            if groups and ties and draw(st.booleans()):
                groups[-1].append(one)
            else:
                groups.append([one])
        result.append(groups)
    return result


@st.composite
def markets(draw, most=5, quota=3, ties=True):
    """(experts' lists, towns' lists, experts' quotas, towns' quotas)."""
    n, m = draw(st.integers(1, most)), draw(st.integers(1, most))
    quotas = st.integers(0, quota)
    return (
        draw(nested_lists(n, m, ties)),
        draw(nested_lists(m, n, ties)),
        draw(st.lists(quotas, min_size=n, max_size=n)),
        draw(st.lists(quotas, min_size=m, max_size=m)),
    )


def random_market(generator, experts, towns, tied=0.4, quota=4):
    """A larger one from a NumPy generator; tied: the chance that an entry ties with the one before."""

    def side(owners, others):
        rows = []
        for _ in range(owners):
            length = int(generator.integers(0, others + 1))
            groups: list[list[int]] = []
            for one in generator.permutation(others)[:length].tolist():
                if groups and generator.random() < tied:
                    groups[-1].append(one)
                else:
                    groups.append([one])
            rows.append(groups)
        return rows

    quotas = [generator.integers(0, quota + 1, size).tolist() for size in (experts, towns)]
    return side(experts, towns), side(towns, experts), *quotas
