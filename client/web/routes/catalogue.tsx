import { useNavigate, useSearch } from "@tanstack/react-router";
import { PageHeading } from "../components/page-heading.tsx";
import { AddToBasket } from "../features/basket/add-to-basket.tsx";
import { Catalogue } from "../features/catalogue/catalogue.tsx";
import { SearchField } from "../features/catalogue/search-field.tsx";

/** The catalogue. The search stands in the address, so that it survives a reload and can be sent to somebody. */
export function CatalogueRoute() {
  const { search = "" } = useSearch({ from: "/catalogue" });
  const navigate = useNavigate();
  const onSearch = (words: string) =>
    void navigate({
      to: "/catalogue",
      search: words === "" ? {} : { search: words },
      // Each pause in typing would otherwise be a step of its own on the way back.
      replace: true,
      resetScroll: false,
    });
  return (
    <div className="page-width py-10 sm:py-16">
      <PageHeading title="Catalogue">
        <SearchField search={search} onSearch={onSearch} />
      </PageHeading>
      <Catalogue
        search={search}
        onShowAll={() => onSearch("")}
        renderAction={(product) => <AddToBasket product={product} />}
      />
    </div>
  );
}
