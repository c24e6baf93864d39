import { useIsFetching } from "@tanstack/react-query";
import { Link, useLocation, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { TaskBoard } from "../features/console/tasks/task-board.tsx";
import { taskFilterOf } from "../features/console/tasks/task-filter.ts";
import { TaskSheet } from "../features/console/tasks/task-sheet.tsx";

/** What is being fulfilled. The filter and the open task stand in the address, so that they can be sent to somebody. */
export function ConsoleTasksRoute() {
  const search = useSearch({ from: "/console/tasks" });
  const navigate = useNavigate();
  const { task, ...rest } = search;
  useGoToHash();
  return (
    <>
      <title>Tasks · Console · Doorbuster</title>
      <TaskBoard
        filter={taskFilterOf(search)}
        onFilter={(filter) =>
          void navigate({ to: "/console/tasks", search: { ...filter }, replace: true, resetScroll: false })
        }
        renderStatusLink={(status, words) => (
          <Link to="/console/tasks" search={{ status }} resetScroll={false} className={ROW_LINK}>
            {words}
          </Link>
        )}
        renderTaskLink={(taskId, words) => (
          <Link
            to="/console/tasks"
            search={{ ...rest, task: taskId }}
            resetScroll={false}
            preload={false}
            className={ROW_LINK}
          >
            {words}
          </Link>
        )}
      />
      <TaskSheet
        taskId={task}
        onClose={() => void navigate({ to: "/console/tasks", search: rest, replace: true, resetScroll: false })}
      />
    </>
  );
}

/** What an address points at is pushed down by what is loaded above it: goes there once all of that has been asked for. */
function useGoToHash() {
  const { hash } = useLocation();
  const isSettled =
    useIsFetching({ predicate: ({ state }) => state.dataUpdateCount + state.errorUpdateCount === 0 }) === 0;
  useEffect(() => {
    if (hash !== "" && isSettled) document.getElementById(hash)?.scrollIntoView();
  }, [hash, isSettled]);
}

/** All of its row may be pressed. */
const ROW_LINK = "underline-offset-4 after:absolute after:inset-0 hover:underline";
